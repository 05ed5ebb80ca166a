/**
 * What the documentation shows is compiled by every TypeScript that the packages support, against the packages as they were
 * packed, and then run. So are two programs that are not in the documentation, `everything.ts` and `results.ts`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { root } from '../workspace.mjs';
import { blocks } from './blocks.mjs';

/** @import { Block } from './blocks.mjs' */

const tools = import.meta.dirname;
const COMPILERS = ['typescript-5-4', 'typescript-5-9', 'typescript-6', 'typescript-7'];
const RESOLUTIONS = [
  { module: 'NodeNext', moduleResolution: 'NodeNext' },
  { module: 'ESNext', moduleResolution: 'Bundler' },
];
/** For a program that hangs: all others take seconds. */
const LIMIT_MS = 600_000;

/**
 * @typedef {object} Program
 * @property {string} where
 * @property {string} name
 * @property {string} code
 * @property {Block['kind']} kind
 * @property {string | undefined} prints
 */

/**
 * @param {string} project an empty project with the packages in it
 * @param {readonly string[]} entries all that can be imported from them
 */
export async function checkBlocks(project, entries) {
  const shown = blocks();
  const folders = {
    // Nothing but ECMAScript 2022: no Node, no page.
    bare: { types: [], programs: [ownProgram('everything')] },
    pages: { types: ['node'], programs: [ownProgram('results'), everyEntry(entries), ...shown] },
  };
  for (const [folder, { types, programs }] of Object.entries(folders)) {
    mkdirSync(join(project, folder));
    for (const { name, code } of programs) writeFileSync(join(project, folder, `${name}.ts`), code);
    const places = new Map(programs.map(({ name, where }) => [`${folder}/${name}.ts`, where]));
    for (const compiler of COMPILERS) await compile(project, folder, compiler, types, places);
  }
  console.log(`${shown.length} blocks compile with ${COMPILERS.join(', ')}, for Node and for bundlers`);
  await runAll(project, folders.pages.programs);
}

/**
 * @param {readonly string[]} entries
 * @returns {Program}
 */
function everyEntry(entries) {
  const code = entries.map((entry, index) => `export * as entry${index} from '${entry}';\n`).join('');
  return { where: 'every entry', name: 'entries', code, kind: 'compile', prints: undefined };
}

/**
 * @param {string} name
 * @returns {Program}
 */
function ownProgram(name) {
  const file = join(tools, `${name}.ts`);
  return {
    where: `scripts/packaging/${name}.ts`,
    name,
    code: readFileSync(file, 'utf8'),
    kind: 'run',
    prints: undefined,
  };
}

/**
 * @param {string} project
 * @param {string} folder
 * @param {string} compiler
 * @param {readonly string[]} types
 * @param {ReadonlyMap<string, string>} places of the files
 */
async function compile(project, folder, compiler, types, places) {
  const errors = await Promise.all(
    RESOLUTIONS.map(async (resolution) => {
      const options = {
        ...resolution,
        strict: true,
        target: 'ES2022',
        lib: ['ES2022'],
        types,
        paths: { vitest: [join(tools, 'vitest-subset.d.ts')] },
        noEmit: true,
        skipLibCheck: false,
        // Block by block: each is a module, and says so.
        moduleDetection: 'force',
      };
      const config = `tsconfig.${folder}.${compiler}.${resolution.moduleResolution}.json`;
      writeFileSync(join(project, config), JSON.stringify({ compilerOptions: options, include: [folder] }));
      const tsc = join(tools, 'node_modules', compiler, 'bin/tsc');
      const { status, output } = await run([tsc, '-p', config, '--pretty', 'false'], project);
      // Declarations of other packages are checked along with ours, and their mistakes are not ours.
      const all = output.split('\n').filter((line) => /: error |^error /.test(line));
      const ours = all.filter((line) => !/^[^(]*node_modules\/(?!portwright\/|@portwright\/)/.test(line));
      if (status !== 0 && all.length === 0) return [`${compiler}: exit status ${String(status)}: ${output}`];
      return ours.map((line) => {
        const place = places.get(line.slice(0, line.indexOf('(')));
        return `${compiler}, ${resolution.moduleResolution}: ${place === undefined ? '' : `${place}: `}${line}`;
      });
    }),
  );
  if (errors.flat().length > 0) throw new Error(errors.flat().join('\n'));
}

/**
 * @param {string} project
 * @param {readonly Program[]} programs
 */
async function runAll(project, programs) {
  const failed = [];
  for (const program of programs.filter(({ kind }) => kind === 'run')) {
    const file = join(project, 'pages', `${program.name}.mjs`);
    // Node 20 has no `using`.
    const { code } = await transform(program.code, { loader: 'ts', target: 'node20.19' });
    writeFileSync(file, code);
    const { status, output } = await run(['--import', join(tools, 'simulated.mjs'), file], project);
    const isAsPrinted = program.prints === undefined || output.trim().split(/\s+/).join(' ') === program.prints;
    if (status !== 0 || !isAsPrinted) failed.push(`${program.where}: exit status ${String(status)}\n${output}`);
  }
  const tests = programs.filter(({ kind }) => kind === 'test');
  for (const { name } of tests) {
    const file = join(project, 'pages', `${name}.ts`);
    await build({ entryPoints: [file], outfile: file.replace(/\.ts$/, '.test.mjs'), target: 'node20.19' });
  }
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status, output } = await run([vitest, 'run', '--root', project, '--reporter=json'], project);
  const report = /^\{.*\}$/m.exec(output)?.[0] ?? '{}';
  const { numPassedTests, numTotalTests } = JSON.parse(report);
  if (status !== 0 || numPassedTests !== tests.length || numTotalTests !== tests.length)
    failed.push(`Of ${tests.length} blocks that are tests, ${numPassedTests} passed:\n${output}`);
  if (failed.length > 0) throw new Error(failed.join('\n'));
  const count = programs.filter(({ kind }) => kind !== 'compile').length;
  console.log(`${count} programs run, and ${programs.length - count} only compile`);
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<{ status: number | null, output: string }>}
 */
function run(args, cwd) {
  return new Promise((resolve) => {
    // As from a shell.
    const env = { PATH: process.env['PATH'], HOME: cwd };
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += String(piece)));
    child.on('close', (status) => {
      resolve({ status, output });
    });
  });
}
