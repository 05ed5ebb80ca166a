import { upnpNat } from '@achingbrain/nat-port-mapper';

const client = upnpNat({ ttl: 3_600_000, description: 'achingbrain' });
for await (const gateway of client.findGateways({ signal: AbortSignal.timeout(10_000) })) {
  await gateway.map(7777, '10.77.0.2', { protocol: 'udp', externalPort: 7777 });
  console.log('mapped');
  process.exit(0); // else it renews, and unmaps when stopped
}
throw new Error('no gateway');
