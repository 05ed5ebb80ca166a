/**
 * The list of personas in packages/transport-mock, and the page about them, from the files in its folder: adding a
 * persona takes its file.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { formatted, importTypeScript, table } from './generated-text.mjs';

/** @import { Persona } from '../../packages/transport-mock/src/personas/persona.ts' */

const folder = 'packages/transport-mock/src/personas';

/** Files beside the personas. */
const others = ['choose-persona.ts', 'index.ts', 'persona.ts'];

/** @returns {readonly string[]} their names, which are those of their files */
export function personaNames() {
  return readdirSync(join(root, folder))
    .filter((file) => /^[\w-]+\.ts$/.test(file) && !others.includes(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

/** The folder's index, and the page. */
export async function generate() {
  const names = personaNames();
  return Promise.all([
    formatted(`${folder}/index.ts`, indexOf(names)),
    formatted('docs/personas.md', pageOf(await load(names))),
  ]);
}

/** @param {readonly string[]} names */
function indexOf(names) {
  const imports = names.map((name) => `import { ${exportOf(name)} } from './${name}.ts';`);
  const entries = names.map((name) => (exportOf(name) === name ? `${name},` : `'${name}': ${exportOf(name)},`));
  return `// Written by scripts/generate.mjs.
${imports.join('\n')}
import type { Persona } from './persona.ts';

/** What \`simulateGateway({ persona })\` takes. */
export type PersonaName = ${names.map((name) => `'${name}'`).join(' | ')};

/** Every persona, by its name. */
export const PERSONAS: Readonly<Record<PersonaName, Persona>> = {
${entries.join('\n')}
};
`;
}

const SPELLED = { upnp: 'UPnP', pcp: 'PCP', 'nat-pmp': 'NAT-PMP' };

/** @param {readonly (readonly [name: string, persona: Persona])[]} personas */
function pageOf(personas) {
  const rows = personas.map(([name, { title, quirk, options }]) => {
    const protocols = (options.protocols ?? ['upnp']).map((protocol) => SPELLED[protocol]);
    return [`\`${name}\``, title, protocols.join(', '), quirk];
  });
  return `# Personas

A persona describes a known router model, or a way in which routers differ, as data.
\`simulateGateway({ persona: 'igd1' })\` simulates it. Other options override those of the persona, and you can inject
faults as into any other gateway:

\`\`\`ts
import { simulateGateway } from '@portwright/transport-mock';

const router = simulateGateway({ persona: 'mikrotik', externalAddress: '5.5.5.9' });
\`\`\`

A router opens ports by the protocols of the third column, as far as they are known. One without UPnP answers no search.

Each persona is a file in \`packages/transport-mock/src/personas\`: its options, its permanent faults, and the source
of this knowledge. To add one, write the file and run \`pnpm fix\`, which updates the list of names and this table, and
records the outcomes of the tests on it.

\`packages/conformance/known-failures/personas\` lists the requirements that each persona violates, with clause and
reason. Pass such a file to \`portwright conformance --simulate PERSONA --known-failures FILE\`.

${table(['name', 'router', 'opens ports by', 'how it differs'], rows)}
`;
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<readonly (readonly [name: string, persona: Persona])[]>}
 */
async function load(names) {
  const program = names.map((name) => `export * from './${folder}/${name}.ts';`).join('\n');
  /** @type {Record<string, Persona>} */
  const module = await importTypeScript(program);
  return names.map((name) => {
    const persona = module[exportOf(name)];
    if (persona === undefined) throw new Error(`${name}.ts does not export ${exportOf(name)}`);
    return [name, persona];
  });
}

/** @param {string} name */
function exportOf(name) {
  return name.replace(/-(\w)/g, (_match, /** @type {string} */ letter) => letter.toUpperCase());
}
