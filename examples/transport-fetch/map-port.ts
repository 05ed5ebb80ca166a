/** Maps a port without a socket of its own: over fetch, with the gateway's description at a URL that is known. */
import { addMapping, gatewayAt } from '@portwright/core/upnp';
import { simulateGateway } from '@portwright/transport-mock';
import { serveOnSockets, systemClock } from '@portwright/transport-mock/sockets';
import { fetchTransport } from './fetch-transport.ts';

// A simulated gateway stands for the router, on TCP sockets of this machine.
const router = simulateGateway({
  clock: systemClock(),
  lanAddress: '127.0.0.1',
  lanAddress6: null,
  httpPort: 0,
});
const served = await serveOnSockets(router, { ssdp: false });
if (served.isErr()) throw new Error(served.error.message);
const mount = served.value;

const self = { name: 'lo', family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: true } as const;
const mapped = await gatewayAt(fetchTransport([self]), mount.descriptionUrl).andThen(({ gateway, state }) => {
  console.log('external address:', state.externalAddress);
  return addMapping(gateway, { externalPort: 7777, protocol: 'UDP' });
});
mapped.match(
  ({ protocol, externalPort, internalClient, internalPort, leaseSeconds }) => {
    console.log(`mapped: ${protocol} ${externalPort} -> ${internalClient}:${internalPort} for ${leaseSeconds} s`);
  },
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);

await mount.close();
await router.close();
