/** The list of the command line's commands, from the files in their folder: adding a command takes its file. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { formatted, importTypeScript } from './generated-text.mjs';

/** @import { Command } from '../../packages/portwright/src/cli/commands/command.ts' */

const folder = 'packages/portwright/src/cli/commands';

/** Files beside the commands. */
const others = ['command.ts', 'index.ts'];

/**
 * The bundle loads the other commands when they are used. `map` is loaded with main.ts: it is used most, and the JIT
 * warm-up must compile the very functions that it runs.
 */
const preloaded = 'map';

export async function generate() {
  const files = readdirSync(join(root, folder))
    .filter((file) => /^[\w-]+\.ts$/.test(file) && !others.includes(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
  return [await formatted(`${folder}/index.ts`, indexOf(await load(files)))];
}

/** @typedef {{ readonly file: string, readonly name: string, readonly variable: string }} Listed */

/** @param {readonly Listed[]} commands in the order of help */
function indexOf(commands) {
  const byFile = commands.toSorted((one, other) => (one.file < other.file ? -1 : 1));
  const imports = byFile.map(({ file, variable }) => `import { command as ${variable} } from './${file}.ts';`);
  const entries = commands.map(({ name, variable }) => (name === variable ? `${name},` : `'${name}': ${variable},`));
  const runs = commands.map(({ file, name }) => {
    const module = file === preloaded ? 'Promise.resolve(preloaded)' : `import('./${file}.ts')`;
    return `'${name}': () => ${module},`;
  });
  return `// Written by scripts/generate.mjs.
import type { Run } from './command.ts';
${imports.join('\n')}
import * as preloaded from './${preloaded}.ts';

/** Every command, in the order of help. */
export const COMMANDS = {
${entries.join('\n')}
};

/** The request of any command. */
export type Request = ReturnType<(typeof COMMANDS)[keyof typeof COMMANDS]['toRequest']>;

/** Loads the function that runs a command. */
export const RUNS: {
  readonly [Name in Request['command']]: () => Promise<{
    readonly run: Run<Extract<Request, { readonly command: Name }>>;
  }>;
} = {
${runs.join('\n')}
};
`;
}

/**
 * @param {readonly string[]} files
 * @returns {Promise<readonly Listed[]>} in the order of help
 */
async function load(files) {
  const listed = files.map((file) => ({
    file,
    variable: file.replace(/-(\w)/g, (_match, /** @type {string} */ letter) => letter.toUpperCase()),
  }));
  const program = listed.map(
    ({ file, variable }) => `export { command as ${variable} } from './${folder}/${file}.ts';`,
  );
  /** @type {Record<string, Command>} */
  const module = await importTypeScript(program.join('\n'));
  return listed
    .map((one) => ({ ...one, ...checked(one.file, module[one.variable]) }))
    .sort((one, other) => one.helpOrder - other.helpOrder || (one.name < other.name ? -1 : 1));
}

/**
 * @param {string} file
 * @param {Command | undefined} command
 */
function checked(file, command) {
  if (command?.name.replace(' ', '-') !== file) throw new Error(`${file}.ts has to export the command of that name`);
  return { name: command.name, helpOrder: command.helpOrder };
}
