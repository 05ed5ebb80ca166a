/** A short run of `pnpm fuzz`: the same inputs every time. */
import { describe, expect, test } from 'vitest';
import { BINARY_DECODERS } from './binary-decoders.ts';
import { CORE_DECODERS } from './core-decoders.ts';
import { bytesOf, type Decoder, unsupported } from './decoder.ts';
import { fuzzDecoder, slowest } from './fuzz-decoder.ts';
import { mutated } from './mutate.ts';
import { OTHER_DECODERS } from './other-decoders.ts';

const DECODERS = [...CORE_DECODERS, ...BINARY_DECODERS, ...OTHER_DECODERS];
const EXECUTIONS = 200;

test.each(DECODERS.map((decoder) => [decoder.name, decoder] as const))('%s', async (_name, decoder) => {
  const { executions, accepted, findings } = await fuzzDecoder(decoder, 1, (count) => count < EXECUTIONS);
  expect(findings).toEqual([]);
  expect(executions).toBe(EXECUTIONS);
  // A reader that refuses everything would prove nothing.
  expect(accepted).toBeGreaterThan(0);
});

describe('the fuzzer itself', () => {
  const decoder = (read: Decoder['read']): Decoder => ({ name: 'a', documents: ['<a>1</a>'], words: ['<b/>'], read });
  const run = (read: Decoder['read']): ReturnType<typeof fuzzDecoder> =>
    fuzzDecoder(decoder(read), 1, (count) => count < 50);

  test('finds what throws, and says how to repeat it', async () => {
    const throwing = decoder((input) => {
      if (input.length > 8) throw new Error('too long');
      return null;
    });
    const { findings } = await fuzzDecoder(throwing, 1, (count) => count < 50);
    const { what = '', seed = 0, input = '' } = findings[0] ?? {};
    expect(what).toBe('it threw Error: too long');
    expect(mutated(throwing.documents, throwing.words, seed)).toBe(input);
    expect((await fuzzDecoder(throwing, seed, (count) => count < 1)).findings).toMatchObject([{ input }]);
  });

  test('finds what the input does not have', async () => {
    expect((await run(() => ({ claims: ['7777'] }))).findings[0]?.what).toBe('the input has no "7777"');
    expect((await run((input) => ({ claims: [String.fromCharCode(...input)] }))).findings).toEqual([]);
  });

  test('finds what a decoder says of itself', async () => {
    expect((await run(() => ({ claims: [], wrong: 'not so' }))).findings[0]?.what).toBe('not so');
  });

  test('finds time that grows faster than the input', async () => {
    const steps = (count: number): void => {
      for (let left = count; left > 0; left -= 1) performance.now();
    };
    const quadratic = decoder((input) => {
      steps((input.length / 64) ** 2);
      return null;
    });
    const linear = decoder((input) => {
      steps(input.length * 8);
      return null;
    });
    expect((await slowest(quadratic)).findings).not.toEqual([]);
    expect((await slowest(linear)).findings).toEqual([]);
  });

  test.each([
    ['a &amp; b', 'a & b', true],
    ['1<!-- x -->92', '192', true],
    ['1<![CDATA[9]]>2', '192', true],
    ['1<x/>92', '192', true],
    ['1<x>9</x>2', '12', true],
    ['1<x><x>9</x></x>2', '12', true],
    ['a <![CDATA[&]]>amp; b', 'a &amp; b', true],
    ['1<x>9</x>2', '192', false],
    ['<a>1</a><b>92</b>', '192', false],
    ['&lt;a&gt;&amp;amp;', '<a>&', true],
    ['19', '192', false],
  ])('%s has %s: %s', (input, claim, expected) => {
    expect(unsupported({ claims: [claim] }, bytesOf(input)) === undefined).toBe(expected);
  });
});
