/** Lists the gateway's table, run inside a lab: `list-a-table.ts URL [at-once]`. Prints how many of what. */
import { gatewayAt, listMappings } from '@portwright/core/upnp';
import { nodeTransport } from '@portwright/transport-node';

const [url = '', manner] = process.argv.slice(2);
const { gateway } = (await gatewayAt(nodeTransport(), url))._unsafeUnwrap();
const atOnce = manner === 'at-once' ? Infinity : undefined;
const { mappings, complete } = (await listMappings(gateway, { protocol: 'UDP', atOnce }))._unsafeUnwrap();
const ports = mappings.map(({ externalPort }) => externalPort).sort((one, other) => one - other);
console.log(JSON.stringify({ complete, count: ports.length, first: ports[0], last: ports.at(-1) }));
