const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A span of time: milliseconds, or a number with its unit: `'250ms'`, `'90s'`, `'5m'`, `'12h'`, `'7d'`. */
export type Duration = number | `${number}${keyof typeof UNITS}`;

/**
 * A duration in milliseconds.
 *
 * @throws RangeError for what the type forbids: another text, a negative number or NaN.
 */
export function milliseconds(duration: Duration): number {
  const value = typeof duration === 'number' ? duration : parse(duration);
  if (!(value >= 0)) throw new RangeError(`not a valid duration: ${duration}`);
  return value;
}

function parse(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  return match === null ? NaN : Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}
