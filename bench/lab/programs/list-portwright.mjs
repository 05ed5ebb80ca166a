/** The whole table, or that of one protocol alone, by the library: `list-portwright.mjs URL careful | at-once [UDP]`. */
import { gatewayAt, listMappings } from '@portwright/core/upnp';
import { nodeTransport } from '@portwright/transport-node';

const [url = '', manner, protocol] = process.argv.slice(2);
const atOnce = manner === 'at-once' ? Infinity : undefined;
const { gateway } = (await gatewayAt(nodeTransport(), url))._unsafeUnwrap();
const { mappings, complete } = (await listMappings(gateway, { protocol, atOnce, deadlineMs: 60_000 }))._unsafeUnwrap();
console.log(`listed ${mappings.length}, ${complete ? 'all' : 'not all'}`);
