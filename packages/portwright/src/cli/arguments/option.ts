/** Options and parameters as data: help prints them, and the parser reads by them. */
import type { Result } from '@portwright/core/result';

/** Reads a word of the command line. Errors: a sentence that says what the word must be. */
export type Reader<Value> = (text: string) => Result<Value, string>;

export interface Option<Name extends string = string, Value = unknown> {
  /** Without the dashes. A name that starts with `no-` turns off what is on by default. */
  readonly name: Name;
  readonly description: string;
  /** How help names the value, and how it is read. A switch has none. */
  readonly value?: { readonly label: string; readonly read: Reader<Value> };
  /** The option may be given several times. Its values are arrays, which are joined. */
  readonly isRepeatable?: true;
  /** Names of options that make no sense beside this one. */
  readonly conflicts?: readonly string[];
}

export interface Parameter<Value = unknown> {
  readonly name: string;
  readonly description: string;
  readonly isOptional?: true;
  readonly read: Reader<Value>;
}

/** `known-failures` is the flag `knownFailures`, `no-verify` the flag `verify`. */
type FlagName<Name extends string> = CamelCase<Name extends `no-${infer Positive}` ? Positive : Name>;
type CamelCase<Text extends string> = Text extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Text;

/** The values of the options that were given. */
export type Flags<One extends Option> = {
  readonly [Each in One as FlagName<Each['name']>]?: Each extends Option<string, infer Value> ? Value : never;
};

/** The values of a command's parameters, in their order. */
export type Values<All extends readonly Parameter[]> = {
  readonly [Index in keyof All]: All[Index] extends Parameter<infer Value>
    ? All[Index] extends { readonly isOptional: true }
      ? Value | undefined
      : Value
    : never;
};

/** The flag that an option sets, and the value that a switch gives it. */
export function flagOf({ name }: Option): { readonly flag: string; readonly switched: boolean } {
  const isNegation = name.startsWith('no-');
  const positive = isNegation ? name.slice('no-'.length) : name;
  return { flag: positive.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()), switched: !isNegation };
}
