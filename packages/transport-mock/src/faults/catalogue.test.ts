import { expect, test } from 'vitest';
import { FAULTS } from './catalogue.ts';
import { DESCRIPTION_FAULTS } from './description-faults.ts';
import { GATEWAY_FAULTS } from './gateway-faults.ts';
import { HTTP_FAULTS } from './http-faults.ts';
import { MAPPING_FAULTS } from './mapping-faults.ts';
import { SOAP_FAULTS } from './soap-faults.ts';
import { SSDP_FAULTS } from './ssdp-faults.ts';
import { VALUE_FAULTS } from './value-faults.ts';
import { WIRE_FAULTS } from './wire-faults.ts';

/** Each has a test file of its own, in which every fault has a test of its name. */
const LAYERS = [
  SSDP_FAULTS,
  WIRE_FAULTS,
  HTTP_FAULTS,
  SOAP_FAULTS,
  DESCRIPTION_FAULTS,
  GATEWAY_FAULTS,
  MAPPING_FAULTS,
  VALUE_FAULTS,
];

test('every row of the fault model, 1 to 54, has a fault', () => {
  const rows = new Set(Object.values(FAULTS).map(({ row }) => row));
  expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 54 }, (_row, at) => at + 1));
});

test('the catalogue has every fault of every layer, and none twice', () => {
  expect(Object.keys(FAULTS)).toEqual(LAYERS.flatMap((layer) => Object.keys(layer)));
});

test('names are in kebab-case, and each has a description that is a part of a sentence', () => {
  for (const [name, { what, remedy }] of Object.entries(FAULTS)) {
    expect(name).toMatch(/^[a-z\d]+(?:[-.][a-z\d]+)*$/);
    expect(what, name).toMatch(/[^.|]$/);
    expect(remedy, name).toMatch(/[^.|]$/);
  }
});
