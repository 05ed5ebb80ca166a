import { simulateGateway, type ClientLink, type OtherAddress6 } from '@portwright/transport-mock';
import { describe, expect, it, test } from 'vitest';
import { findGateway } from '../../client/find-gateway.ts';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { InterfaceAddress } from '../../ports.ts';
import { okAsync } from '../../result.ts';
import { addressesTowards } from './pinhole-address.ts';
import { addPinhole } from './pinholes.ts';

const OVER_IPV6 = 'http://[fe80::1%25lan0]:5000/description.xml';
const WEB = { protocol: 'TCP', internalPort: 443 } as const;

describe('a pinhole leads to an address that lasts', () => {
  const temporary: OtherAddress6 = { address: '2a00::a', temporary: true };
  const deprecated: OtherAddress6 = { address: '2a00::b', deprecated: true };
  const both: OtherAddress6 = { address: '2a00::c', deprecated: true, temporary: true };
  const lasting: OtherAddress6 = { address: '2a00::d', deprecated: false, temporary: false };

  test.each<readonly [string, readonly OtherAddress6[], string]>([
    ['rather than to a temporary or a deprecated one', [both, temporary, deprecated, lasting], '2a00::d'],
    ['or else to a temporary one', [both, deprecated, temporary], '2a00::a'],
    ['or else to a deprecated one, rather than to one that is temporary, too', [both, deprecated], '2a00::b'],
    ['or else to any public one, rather than to a private one that lasts', [both], '2a00::c'],
    ['or else to a private one', [], 'fd77::2'],
    ['where the system tells no more, to the first', [{ address: '2a00::e' }, lasting], '2a00::e'],
  ])('%s', async (_what, otherAddresses6, client) => {
    const router = simulateGateway({ isSecure: true, maxSearchDelayMs: 0, client: { otherAddresses6 } });
    const { gateway } = (await findGateway(router.transport, { families: ['ipv6'] }))._unsafeUnwrap();
    // The router takes it from nowhere else, so the request has left from that address.
    expect((await addPinhole(gateway, WEB))._unsafeUnwrap().internalClient).toBe(client);
  });
});

describe('the interface towards the router', () => {
  const vpn: InterfaceAddress = {
    name: 'tun0',
    family: 'ipv6',
    address: '2a09::1',
    prefixLength: 64,
    internal: false,
  };

  /** A router that is spoken to over IPv6 by a host with a VPN, whose address is listed first. */
  async function besideVpn(url: string) {
    const link: ClientLink = { state: 'up' };
    const router = simulateGateway({ client: { link } });
    const { interfaces } = router.transport;
    const list = () => interfaces.list().andThen((listed) => okAsync([vpn, ...listed]));
    const transport = { ...router.transport, interfaces: { ...interfaces, list } };
    const { gateway } = (await gatewayAt(transport, url))._unsafeUnwrap();
    return { link, gateway };
  }

  it.each([
    ['has the link-local address that the last request left from', OVER_IPV6],
    ['has the address that the last request left from, in any spelling', 'http://[fd77::1]:5000/description.xml'],
  ])('%s', async (_what, url) => {
    const { gateway } = await besideVpn(url);
    expect(await addressesTowards(gateway)).toEqual({ near: ['fd77::2'], others: ['2a09::1'] });
  });

  it('is known by a link-local address with its zone', async () => {
    const { gateway } = await besideVpn(OVER_IPV6);
    const zoned = { ...gateway, localAddress: 'fe80::2%lan0' };
    expect(await addressesTowards(zoned)).toEqual({ near: ['fd77::2'], others: ['2a09::1'] });
  });

  it('is known after this host has lost that address', async () => {
    const { link, gateway } = await besideVpn('http://192.168.1.1:5000/description.xml');
    link.address = '192.168.1.33';
    link.address6 = 'fd77::33';
    expect(await addressesTowards(gateway)).toEqual({ near: ['fd77::33'], others: ['2a09::1'] });
  });
});
