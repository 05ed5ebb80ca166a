import { expect, test } from 'vitest';
import { CASES } from '../cases/all.ts';
import { REQUIREMENTS } from './all.ts';

const ids = REQUIREMENTS.map(({ id }) => id);

test('there are 97 requirements', () => {
  expect(ids).toHaveLength(97);
});

test('no id stands twice', () => {
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

test('every requirement has a case', () => {
  expect(ids.filter((id) => CASES[id] === undefined)).toEqual([]);
});

test('every case has a requirement', () => {
  expect(Object.keys(CASES).filter((id) => !ids.some((one) => one === id))).toEqual([]);
});

test('every sentence is one, and every requirement says where it is written', () => {
  expect(REQUIREMENTS.filter(({ sentence }) => !/^[A-Z].*\.$/s.test(sentence))).toEqual([]);
  expect(REQUIREMENTS.filter(({ clause }) => clause.length < 5)).toEqual([]);
});

test('a rule of the suite’s own claims no specification, and everything else does', () => {
  const own = REQUIREMENTS.filter(({ clause }) => clause.startsWith('This suite’s own'));
  expect(own).toEqual(REQUIREMENTS.filter(({ level }) => level === 'own'));
});

test('what a requirement applies to is written as features are', () => {
  const features = REQUIREMENTS.flatMap(({ appliesTo = [] }) => appliesTo);
  expect(features.filter((feature) => !/^(?:UDA:1\.\d|[A-Za-z0-9]+:\d)$/.test(feature))).toEqual([]);
});
