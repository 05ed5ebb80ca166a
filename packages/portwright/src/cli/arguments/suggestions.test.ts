import { describe, expect, it } from 'vitest';
import { editDistance, suggestionFor } from './suggestions.ts';

describe('the distance between two words', () => {
  it.each([
    ['map', 'map', 0],
    ['', 'map', 3],
    ['map', '', 3],
    ['mpa', 'map', 1],
    ['maap', 'map', 1],
    ['mp', 'map', 1],
    ['mup', 'map', 1],
    ['pma', 'map', 2],
    ['abcd', 'badc', 2],
    ['kitten', 'sitting', 3],
  ])('%j, %j', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
    expect(editDistance(other, one)).toBe(distance);
  });
});

describe('a suggestion', () => {
  const commands = ['list', 'map', 'unmap', 'ip', 'status'];

  it.each([
    ['lst', ' (Did you mean list?)'],
    ['mpa', ' (Did you mean map?)'],
    ['nmap', ' (Did you mean one of map, unmap?)'],
    ['stat', ' (Did you mean status?)'],
    ['sta', ' (Did you mean status?)'],
    // Three mistakes in five letters are too many, and so are four in ten.
    ['abcst', ''],
    ['statusbar', ' (Did you mean status?)'],
    ['statusbars', ''],
    ['foo', ''],
    ['conformance', ''],
  ])('for %j', (word, suggestion) => {
    expect(suggestionFor(word, commands)).toBe(suggestion);
  });

  it('does not count the dashes of options as letters that are right', () => {
    expect(suggestionFor('--lese', ['--lease', '--json'])).toBe(' (Did you mean --lease?)');
    expect(suggestionFor('--ab', ['--xy'])).toBe('');
  });

  it('names a word once', () => {
    expect(suggestionFor('lst', ['list', 'list'])).toBe(' (Did you mean list?)');
  });
});
