import { describe, expect, it } from 'vitest';
import { nodeRandom, nodeTransport } from './index.ts';

describe('randomness', () => {
  it('is a fraction, and spread out', () => {
    const random = nodeRandom();
    const fractions = Array.from({ length: 1000 }, () => random.fraction());
    expect(fractions.every((number) => number >= 0 && number < 1)).toBe(true);
    // A fair source leaves one of ten boxes empty once in 10^45 runs.
    expect(new Set(fractions.map((number) => Math.floor(number * 10))).size).toBe(10);
  });
});

describe('the transport', () => {
  it('has all six ports', () => {
    expect(Object.keys(nodeTransport()).toSorted()).toEqual([
      'clock',
      'datagram',
      'events',
      'http',
      'interfaces',
      'random',
    ]);
  });

  it('hands its options to the ports', async () => {
    const request = { method: 'GET', url: 'http://localhost:1/', headers: [], body: new Uint8Array(0) };
    const code = async (allowHostNames: boolean) => {
      const { http } = nodeTransport({ http: { allowHostNames } });
      const response = await http.request(request, { deadlineMs: 2000, maxBodyBytes: 0 });
      return response._unsafeUnwrapErr().code;
    };
    expect(await code(false)).toBe('not-permitted');
    expect(await code(true)).toBe('refused');
  });
});
