import type { RandomPort } from '@portwright/core';

/** Math.random: it spreads requests in time and picks ports, and guards nothing. */
export function nodeRandom(): RandomPort {
  return { fraction: () => Math.random() };
}
