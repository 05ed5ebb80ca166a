/** The lists of what personas miss, by the command line: they have to hold there as they do in a program. */
import { join } from 'node:path';
import { PERSONAS } from '@portwright/transport-mock';
import { expect, test } from 'vitest';
import { runJson } from '../../host.test-support.ts';

const FOLDER = join(import.meta.dirname, '../../../../../conformance/known-failures/personas');

test.each(Object.keys(PERSONAS))('%s misses what its list says', async (name) => {
  const argv = ['--simulate', name, '--write', '--disruptive', '--known-failures', join(FOLDER, `${name}.txt`)];
  const { status, stderr, json } = await runJson(['conformance', ...argv]);
  expect({ status, stderr, ...(json as object) }).toMatchObject({
    status: 0,
    stderr: '',
    unexpectedPasses: [],
    isGood: true,
  });
});
