import type { RandomPort } from '@portwright/core';

/** The same numbers for the same seed: a multiply-with-carry generator (G. Marsaglia), far from secret. */
export function seededRandom(seed: number): RandomPort {
  let [high, low] = [362_436_069 ^ seed, 521_288_629 ^ Math.imul(seed, 0x9e37_79b9)];
  return {
    fraction: () => {
      high = (36_969 * (high & 0xffff) + (high >>> 16)) | 0;
      low = (18_000 * (low & 0xffff) + (low >>> 16)) | 0;
      return (((high << 16) + (low & 0xffff)) >>> 0) / 0x1_0000_0000;
    },
  };
}
