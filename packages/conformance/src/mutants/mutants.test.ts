import { describe, expect, test } from 'vitest';
import { CHECKS } from '../checks/all.ts';
import { checkGateway, flagged } from './mutant.test-support.ts';

describe('a gateway with one defect misses the one requirement that is about it', () => {
  test.each(Object.entries(CHECKS))('%s', async (id, { mutant }) => {
    expect(flagged(await checkGateway(mutant))).toEqual([id]);
  });
});
