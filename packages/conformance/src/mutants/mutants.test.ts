import { describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../requirements/all.ts';
import { EVENTING_MUTANTS, OTHER_MUTANTS, SOAP_MUTANTS } from './control.test-support.ts';
import { DESCRIPTION_MUTANTS, SSDP_MUTANTS } from './discovery.test-support.ts';
import { WAN_IP_2_MUTANTS, WAN_IP_MUTANTS } from './mappings.test-support.ts';
import { checkGateway, flagged } from './mutant.test-support.ts';

const MUTANTS = {
  ...SSDP_MUTANTS,
  ...DESCRIPTION_MUTANTS,
  ...SOAP_MUTANTS,
  ...EVENTING_MUTANTS,
  ...WAN_IP_MUTANTS,
  ...WAN_IP_2_MUTANTS,
  ...OTHER_MUTANTS,
};

describe('a gateway with one defect misses the one requirement that is about it', () => {
  test.each(Object.entries(MUTANTS))('%s', async (id, mutant) => {
    expect(flagged(await checkGateway(mutant))).toEqual([id]);
  });
});

test('every requirement has a mutant, and every mutant a requirement', () => {
  expect(Object.keys(MUTANTS).toSorted()).toEqual(REQUIREMENTS.map(({ id }) => id).toSorted());
});
