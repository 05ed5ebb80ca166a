import { upnpNat } from '@achingbrain/nat-port-mapper';

const client = upnpNat({ ttl: 3_600_000, description: 'achingbrain' });
for await (const gateway of client.findGateways({ signal: AbortSignal.timeout(10_000) })) {
  try {
    await gateway.map(7777, '10.77.0.2', { protocol: 'udp', externalPort: 7777 });
  } catch {
    continue; // the same router over IPv6, which can't map to an IPv4 address
  }
  console.log('mapped');
  process.exit(0); // else it renews, and unmaps when stopped
}
throw new Error('no gateway');
