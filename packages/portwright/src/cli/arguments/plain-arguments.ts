import { commandIn, COMMANDS } from '../commands/commands.ts';
import { flagOf, readValue } from './option-declaration.ts';
import { GLOBAL_OPTIONS } from './options.ts';
import type { Request } from './requests.ts';
import { Misuse } from './values.ts';

/**
 * Understands arguments that are plainly right: a command, its arguments, its options with their values as words of
 * their own. Commander takes longer to load than most of them take to be carried out; so it is for the rest, for help
 * and for saying what is wrong.
 *
 * @returns undefined where commander has to look
 */
export function plainRequest(argv: readonly string[]): Request | undefined {
  const name = commandIn(argv);
  if (name === undefined) return undefined;
  const { parameters, options, toRequest } = COMMANDS[name];
  const known = [...options, ...GLOBAL_OPTIONS];
  const flags: Record<string, unknown> = {};
  const texts: string[] = [];
  try {
    for (const words = argv.slice(name.split(' ').length).values(); ;) {
      const { value: word, done } = words.next();
      if (done === true) break;
      if (!word.startsWith('-')) {
        texts.push(word);
        continue;
      }
      const option = known.find((one) => `--${one.name}` === word);
      if (option === undefined) return undefined;
      const { flag, isNegation } = flagOf(option);
      if (option.value === undefined) {
        flags[flag] = !isNegation;
        continue;
      }
      const value = words.next();
      if (value.done === true || value.value.startsWith('-')) return undefined;
      flags[flag] = readValue(option, value.value, flags[flag]);
    }
    if (known.some((one) => flagOf(one).flag in flags && one.conflicts?.some((other) => other in flags) === true))
      return undefined;
    if (texts.length > parameters.length || parameters.slice(texts.length).some((one) => one.isOptional !== true)) {
      return undefined;
    }
    const values = texts.map((text, index) => parameters[index]?.read(text));
    return toRequest(flags, values);
  } catch (thrown) {
    if (thrown instanceof Misuse) return undefined;
    throw thrown;
  }
}
