/** Asks the gateway for a mapping that leads to another host, and prints what it said; run inside a lab. */
import { addMapping, findGateway } from '@portwright/core/upnp';
import { nodeTransport } from '@portwright/transport-node';

const { gateway } = (await findGateway(nodeTransport()))._unsafeUnwrap();
const asked = { externalPort: 18_083, protocol: 'TCP', internalClient: '10.77.0.9' } as const;
const mapped = await addMapping(gateway, asked);
console.log(JSON.stringify(mapped.isOk() ? mapped.value : mapped.error));
