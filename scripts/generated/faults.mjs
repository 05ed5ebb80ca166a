/** The table of faults in docs/faults.md, from their declarations in packages/transport-mock. */
import { importTypeScript, pageWith, table } from './generated-text.mjs';

/** @import { FaultDefinition } from '../../packages/transport-mock/src/faults/fault.ts' */

/** @type {Readonly<Record<NonNullable<FaultDefinition['mounts']>, string>>} */
const MOUNTS = { all: 'all', sockets: 'sockets; elsewhere only its effect', memory: 'memory' };

export async function generate() {
  /** @type {{ readonly FAULTS: Readonly<Record<string, FaultDefinition>> }} */
  const { FAULTS } = await importTypeScript("export * from './packages/transport-mock/src/faults/catalogue.ts'");
  const rows = Object.entries(FAULTS)
    .sort(([, a], [, b]) => a.row - b.row)
    .map(([name, { row, what, remedy, mounts = 'all' }]) => [String(row), `\`${name}\``, what, remedy, MOUNTS[mounts]]);
  const head = ['row', 'fault', 'what goes wrong', 'what a robust client does', 'visible on'];
  return [await pageWith('docs/faults.md', { faults: table(head, rows) })];
}
