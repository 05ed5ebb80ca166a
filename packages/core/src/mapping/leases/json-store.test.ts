import { describe, expect, it } from 'vitest';
import { objectsIn, readObject, readObjects, textIn, wholeIn } from './json-store.ts';

describe('a text that may be anything', () => {
  it.each<readonly [string, unknown, readonly unknown[]]>([
    ['{"a":1}', { a: 1 }, []],
    ['[{"a":1},2,null,{"b":2}]', null, [{ a: 1 }, { b: 2 }]],
    ['[]', null, []],
    ['null', null, []],
    ['7', null, []],
    ['"text"', null, []],
    ['{', null, []],
    ['', null, []],
  ])('%j: its object, and the objects of its list', (text, object, objects) => {
    expect(readObject(text)).toEqual(object);
    expect(readObjects(text)).toEqual(objects);
  });

  it('has no objects where there is none', () => {
    expect(readObjects(null)).toEqual([]);
    expect(objectsIn({ 0: {} })).toEqual([]);
  });
});

it.each([
  ['text', 'text'],
  ['', ''],
  ['t'.repeat(2_048), 't'.repeat(2_048)],
  ['t'.repeat(2_049), null],
  [7, null],
  [undefined, null],
])('a text is at most 2048 characters: %j', (value, expected) => {
  expect(textIn({ value }, 'value')).toBe(expected);
});

it.each([
  [7, 7],
  [-1, -1],
  [1.5, null],
  [Infinity, null],
  ['7', null],
  [null, null],
])('a whole number is a number: %j', (value, expected) => {
  expect(wholeIn({ value }, 'value')).toBe(expected);
});
