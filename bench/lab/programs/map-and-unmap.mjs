// @ts-check
/** Maps a UDP port with a client from npm, prints "mapped", waits for a line, unmaps: `PACKAGE ADDRESS PORT`. */
import { once } from 'node:events';

const [name = '', address = '', number = ''] = process.argv.slice(2);
const port = Number(number);

/** Maps the port, and returns what unmaps it. @type {Readonly<Record<string, () => Promise<() => Promise<unknown>>>>} */
const CLIENTS = {
  '@achingbrain/nat-port-mapper': async () => {
    const { upnpNat } = await import('@achingbrain/nat-port-mapper');
    const client = upnpNat({ ttl: 3_600_000, description: name, autoRefresh: false });
    let failure = new Error('it found no gateway');
    for await (const gateway of client.findGateways({ signal: AbortSignal.timeout(10_000) })) {
      try {
        await gateway.map(port, address, { protocol: 'udp', externalPort: port });
        return () => gateway.unmap(port);
      } catch (error) {
        failure = error; // it may be the same router over IPv6, which can't map to an IPv4 address
      }
    }
    throw failure;
  },
  '@runonflux/nat-upnp': async () => {
    const { default: { Client } } = await import('@runonflux/nat-upnp'); // prettier-ignore
    const client = new Client();
    await client.createMapping({ public: port, private: port, protocol: 'UDP', description: name, ttl: 3600 });
    return () => client.removeMapping({ public: port, protocol: 'UDP' });
  },
  '@silentbot1/nat-api': async () => {
    const { default: NatApi } = await import('@silentbot1/nat-api');
    const client = new NatApi({ enablePMP: false, enableUPNP: true, autoUpdate: false, description: name });
    const request = { publicPort: port, privatePort: port, protocol: 'UDP', ttl: 3600 };
    if ((await client.map(request)) === false) throw new Error('it could not map');
    return () => client.unmap(request);
  },
};

try {
  const unmap = await CLIENTS[name]();
  process.stdout.write('mapped\n');
  await once(process.stdin, 'data');
  await unmap();
  process.exit(0); // each has timers and sockets that would keep it running
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
  process.exit(1);
}
