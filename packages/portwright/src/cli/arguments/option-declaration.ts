/** What an option is, and what all of them may come to. */
import type { Protocol } from '@portwright/core';
import type { RemoteFlag, ReportFile, WanHostFlag } from './requests.ts';

/** Everything that may be given, by the names of the options. */
export interface Flags {
  readonly json?: true;
  /** Where it takes a value, the persona. */
  readonly simulate?: true | string;
  readonly interface?: string;
  readonly ipv6?: true;
  readonly timeout?: number;
  readonly gateway?: string;
  readonly remember?: true;
  readonly protocol?: readonly Protocol[] | Protocol;
  readonly lease?: number;
  readonly description?: string;
  readonly any?: true;
  /** Off by `--no-verify`. */
  readonly verify?: boolean;
  readonly trustConflicts?: true;
  readonly keep?: true;
  readonly journal?: true;
  readonly all?: true;
  readonly force?: true;
  readonly services?: true;
  readonly client?: string;
  readonly remote?: RemoteFlag;
  readonly location?: string;
  readonly list?: true;
  readonly persona?: string;
  readonly address?: string;
  readonly port?: number;
  readonly seed?: number;
  readonly write?: true;
  readonly disruptive?: true;
  readonly only?: readonly string[];
  readonly strict?: true;
  readonly knownFailures?: readonly string[];
  readonly wanHost?: WanHostFlag;
  readonly reboot?: string;
  readonly report?: readonly ReportFile[];
  readonly tap?: true;
}

export interface OptionDeclaration {
  /** One that begins with `no-` switches off what is on otherwise. */
  readonly name: keyof Flags | `no-${keyof Flags}` | 'known-failures' | 'trust-conflicts' | 'wan-host';
  readonly description: string;
  /** What help calls its value, and how that is read; absent for a switch. */
  readonly value?: { readonly label: string; readonly read: (text: string) => unknown };
  /** Whether it may be given several times; what is read is an array then, and they are put together. */
  readonly isRepeatable?: true;
  /** Options that mean nothing beside it. */
  readonly conflicts?: readonly (keyof Flags)[];
}

/** The flag that an option sets, and whether it is a switch that sets it to false. */
export function flagOf({ name }: OptionDeclaration): { readonly flag: string; readonly isNegation: boolean } {
  const isNegation = name.startsWith('no-');
  const flag = isNegation ? name.slice('no-'.length) : name;
  return { flag: flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()), isNegation };
}

/** What an option's value comes to, after those that were given before it. */
export function readValue({ value, isRepeatable }: OptionDeclaration, text: string, before: unknown): unknown {
  const read = value?.read(text);
  return isRepeatable === true ? [...((before ?? []) as readonly unknown[]), ...(read as readonly unknown[])] : read;
}
