import { describe, expect, it } from 'vitest';
import { errAsync, okAsync } from '../../result.ts';
import type { InterfaceAddress, Transport } from '../../ports.ts';
import { simulateGateway } from '@portwright/transport-mock';
import { interfacesTowards, towards, usableInterfaces } from './local-interfaces.ts';

function on(name: string, address: string, prefixLength = 24): InterfaceAddress {
  const internal = name === 'lo';
  return { name, family: address.includes(':') ? 'ipv6' : 'ipv4', address, prefixLength, internal };
}

const LOOPBACK = on('lo', '127.0.0.1', 8);
const LAN = on('lan', '192.168.1.2');
const WIFI = on('wifi', '192.168.1.3');
const VPN = on('vpn', '10.8.0.2');
const LAN6 = on('lan', 'fd77::2', 64);
const VPN6 = on('vpn', 'fd99::2', 64);
const ALL = [LOOPBACK, LAN, WIFI, VPN, LAN6, VPN6];

describe('this host’s addresses towards a gateway', () => {
  it.each([
    ['192.168.1.1', ALL, [LAN, WIFI]],
    ['10.8.0.1', ALL, [VPN]],
    ['fd77::1', ALL, [LAN6]],
    ['172.16.0.1', ALL, [LAN, WIFI, VPN]],
    ['fd11::1', ALL, [LAN6, VPN6]],
    ['192.168.1.1', [LOOPBACK, LAN6], []],
    // A router on this computer.
    ['127.0.0.1', [LOOPBACK, LAN], [LAN]],
  ])('at %s', (host, listed, expected) => {
    expect(towards(host, listed)).toEqual(expected);
  });

  it('are not known where the system lists none', async () => {
    const { transport } = simulateGateway();
    const listing = (list: Transport['interfaces']['list']): Transport => ({ ...transport, interfaces: { list } });
    expect(
      await interfacesTowards(
        '192.168.1.1',
        listing(() => okAsync(ALL)),
      ),
    ).toEqual([LAN, WIFI]);
    const refused = listing(() => errAsync({ kind: 'transport', code: 'not-permitted', message: '' }));
    expect(await interfacesTowards('192.168.1.1', refused)).toBe(null);
  });
});

it.each([
  ['both families', undefined, [LAN, WIFI, VPN, LAN6, VPN6]],
  ['IPv4', 'ipv4', [LAN, WIFI, VPN]],
  ['IPv6', 'ipv6', [LAN6, VPN6]],
] as const)('all but loopback are usable: %s', (_which, family, expected) => {
  expect(usableInterfaces(ALL, family)).toEqual(expected);
});
