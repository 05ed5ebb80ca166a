/** Opens TCP port 8080 of this host in the IPv6 firewall until its standard input ends; run inside a lab. */
import { findGateway, addPinhole, checkPinhole, deletePinhole, firewallStatus } from '@portwright/core/upnp';
import { nodeTransport } from '@portwright/transport-node';

// Over IPv6: the request has to come from the address that the hole leads to (WANIPv6FirewallControl:1, 2.6.2).
const { gateway } = (await findGateway(nodeTransport(), { families: ['ipv6'] }))._unsafeUnwrap();
say({ kind: 'firewall', ...(await firewallStatus(gateway))._unsafeUnwrap() });
const pinhole = (await addPinhole(gateway, { protocol: 'TCP', internalPort: 8080 }))._unsafeUnwrap();
say({ kind: 'open', ...pinhole });
process.stdin.on('end', () => {
  void close();
});
process.stdin.resume();

async function close(): Promise<void> {
  say({ kind: 'working', working: (await checkPinhole(gateway, pinhole.id))._unsafeUnwrap() });
  (await deletePinhole(gateway, pinhole.id))._unsafeUnwrap();
  say({ kind: 'closed' });
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
