/** Every property there, and none of them undefined. */
export type Complete<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };

/** The options, and the default for each that is missing or undefined. */
export function withDefaults<Options extends object>(options: Options, defaults: Complete<Options>): Complete<Options> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...defaults, ...given };
}
