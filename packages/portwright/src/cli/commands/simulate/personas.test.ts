import { describe, expect, test } from 'vitest';
import { nearest } from './personas.ts';

const NAMES = ['fritz-box', 'speedport', 'miniupnpd', 'miniupnpd-igd1', 'tp-link-archer', 'apple-airport'];

describe('the persona that was meant', () => {
  test.each([
    ['fritzbox', ['fritz-box']],
    ['Fritz-Bxo', ['fritz-box']],
    ['speedprot', ['speedport']],
    ['miniupnp', ['miniupnpd', 'miniupnpd-igd1']],
    ['airport', ['apple-airport']],
    ['archer', ['tp-link-archer']],
    ['nothing-like-it', []],
    ['x', []],
  ])('%s', (word, names) => {
    expect(nearest(word, NAMES)).toEqual(names);
  });
});
