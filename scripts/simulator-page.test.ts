/** What docs/simulator.md shows must work: each of its programs is a test, and is run as one. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
// Inside the simulator's package: msw is found from there.
const folder = join(root, 'packages/transport-mock/artifacts/simulator-page');

const page = await readFile(join(root, 'docs/simulator.md'), 'utf8');
const programs = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);

const CONFIG = `export default {
  resolve: { tsconfigPaths: true },
};`;

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly failureMessages: readonly string[] }[];
  }[];
}

/** What was wrong in each test, by its title. */
async function runAll(): Promise<ReadonlyMap<string, readonly string[]>> {
  const output = await new Promise<string>((resolve, reject) => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    execFile(
      process.execPath,
      [vitest, 'run', '--root', folder, '--reporter=json'],
      // As from a shell: vitest must not take itself for the one that runs this.
      { env: { PATH: process.env['PATH'] }, timeout: 100_000 },
      (_failed, stdout, stderr) => {
        if (stdout.includes('{')) resolve(stdout.slice(stdout.indexOf('{')));
        else reject(new Error(stderr));
      },
    );
  });
  const { testResults } = JSON.parse(output) as Report;
  return new Map(
    testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ title, failureMessages }) => [title, failureMessages] as const),
    ),
  );
}

describe('docs/simulator.md', () => {
  const titles = programs.map((code) => /^test\('(.*)', async/m.exec(code)?.[1] ?? '');
  let results: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'vitest.config.mjs'), CONFIG);
    await Promise.all(programs.map((code, index) => writeFile(join(folder, `${index}.test.ts`), code)));
    results = await runAll();
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has a program for each mount, for personas, faults, the WAN side and the recording', () => {
    expect(programs).toHaveLength(7);
  });

  it.each(titles)('%s', (title) => {
    expect(results.get(title)).toEqual([]);
  });
});
