import { describe, expect, it } from 'vitest';
import { checkArguments, NUMBER, options, optional } from './arguments.ts';

describe('options', () => {
  const check = options({ externalPort: NUMBER, signal: optional(NUMBER) });

  it.each<readonly [string, unknown, object | undefined]>([
    ['what is wanted', { externalPort: 1 }, undefined],
    ['what is wanted, and more', { externalPort: 1, verify: false, description: 'a game' }, undefined],
    ['nothing of what is wanted', {}, { argument: 'externalPort', code: 'missing' }],
    ['an option of the wrong type', { externalPort: 1, verify: 'no' }, { argument: 'verify', code: 'wrong-type' }],
    [
      'an inherited option of the wrong type',
      Object.create({ externalPort: 1, verify: 'no' }),
      { argument: 'verify', code: 'wrong-type' },
    ],
    ['an option that is undefined', { externalPort: 1, verify: undefined }, undefined],
    ['an option that means something else here', { externalPort: 1, signal: 1 }, undefined],
    ['one of the wrong type', { externalPort: 1, signal: 'no' }, { argument: 'signal', code: 'wrong-type' }],
    ['options that nobody knows', { externalPort: 1, constructor: 1, toString: 2, unheard: 3 }, undefined],
    ['a list', [], { argument: 'options', code: 'wrong-type' }],
    ['nothing', undefined, { argument: 'options', code: 'missing' }],
  ])('%s', (_name, value, error) => {
    const checked = checkArguments(['options', value, check]);
    if (error === undefined) expect(checked.isOk()).toBe(true);
    else expect(checked._unsafeUnwrapErr()).toMatchObject(error);
  });
});
