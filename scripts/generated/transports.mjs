/** The table of cases in docs/transports.md, from their declarations in packages/conformance. */
import { importTypeScript, pageWith, table } from './generated-text.mjs';

/** @import { ContractClause } from '../../packages/conformance/src/transport/index.ts' */

/**
 * A transport of this repository, and its column: what it can't do, or its peer can't see, by the case's id.
 *
 * @typedef {Readonly<Record<'node' | 'memory' | 'fetch', ReadonlyMap<string, string>>>} Skipped
 */

const PROGRAM = `
export { CONTRACT } from './packages/conformance/src/transport/index.ts';
import { bindCases, PORT_NAMES } from './packages/conformance/src/transport/index.ts';
import { memoryPeer } from './packages/conformance/src/transport/memory-peer.test-support.ts';
import { LACKS, nodePeer } from './packages/conformance/src/transport/node-peer.ts';
import { MemoryNetwork } from './packages/transport-mock/src/index.ts';
import { OF_FETCH, OF_UNDICI } from './examples/transport-fetch/excuses.ts';

const network = new MemoryNetwork();
const ports = network.transport();
const { clock } = network;
const skipped = (subject) =>
  new Map(PORT_NAMES.flatMap((name) => bindCases(name, subject)).flatMap(({ id, skipped }) => (skipped ? [[id, skipped]] : [])));
// What a host lacks, such as IPv6, is not the table's matter.
const peer = { ...nodePeer(), lacks: LACKS };
export const SKIPPED = {
  node: skipped({ ports, peer, clock }),
  memory: skipped({ ports, peer: memoryPeer(network), clock }),
  fetch: skipped({ ports: { http: ports.http }, peer, clock, cannot: { ...OF_FETCH, ...OF_UNDICI } }),
};
`;

export async function generate() {
  /** @type {{ readonly CONTRACT: readonly ContractClause[], readonly SKIPPED: Skipped }} */
  const { CONTRACT, SKIPPED } = await importTypeScript(PROGRAM);
  return [await pageWith('docs/transports.md', { cases: tableOf(CONTRACT, SKIPPED) })];
}

/**
 * @param {readonly ContractClause[]} contract
 * @param {Skipped} skipped
 */
function tableOf(contract, skipped) {
  const rows = contract.map(({ id, what, clause, needs }) => {
    const fetch = /^(?:http|clock|random|interfaces)\//.test(id) ? mark(skipped.fetch, id) : '';
    const place = clause.slice(0, clause.indexOf(':'));
    return [
      `\`${id}\``,
      what,
      `\`${place}\``,
      needs.join(', '),
      mark(skipped.node, id),
      mark(skipped.memory, id),
      fetch,
    ];
  });
  const head = ['case', 'requirement', 'source', 'needs', 'node', 'memory', 'fetch'];
  return table(head, rows);
}

/**
 * @param {ReadonlyMap<string, string>} skipped
 * @param {string} id
 */
function mark(skipped, id) {
  return skipped.has(id) ? '–' : 'yes';
}
