import { expect, test } from 'vitest';
import { REQUIREMENTS } from './requirements.ts';

test('every sentence is one, and every requirement says where it is written', () => {
  expect(REQUIREMENTS.filter(({ sentence }) => !/^[A-Z].*\.$/s.test(sentence))).toEqual([]);
  expect(REQUIREMENTS.filter(({ clause }) => clause.length < 5)).toEqual([]);
});

test('a rule of the suite’s own claims no specification, and everything else does', () => {
  const own = REQUIREMENTS.filter(({ clause }) => clause.startsWith('A rule of this suite'));
  expect(own).toEqual(REQUIREMENTS.filter(({ level }) => level === 'own'));
});

test('what a requirement applies to is written as features are', () => {
  const features = REQUIREMENTS.flatMap(({ appliesTo = [] }) => appliesTo);
  expect(features.filter((feature) => !/^(?:UDA:1\.\d|[A-Za-z0-9-]+:\d)$/.test(feature))).toEqual([]);
});
