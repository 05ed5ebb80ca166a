import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { completeGatewayOptions } from '../../gateway/gateway-options.ts';
import { type NetworkInterfaces, servedAddresses } from './served-address.ts';

function ipv4(cidr: string): NetworkInterfaceInfo {
  const [address = ''] = cidr.split('/');
  return { family: 'IPv4', address, cidr, netmask: '', mac: '', internal: false };
}

function ipv6(cidr: string): NetworkInterfaceInfo {
  const [address = ''] = cidr.split('/');
  return { family: 'IPv6', address, cidr, netmask: '', mac: '', internal: false, scopeid: 3 };
}

const INTERFACES: NetworkInterfaces = {
  lo: [ipv4('127.0.0.1/8'), ipv6('::1/128')],
  lan0: [ipv4('192.168.1.1/24'), ipv6('fd77::1/64'), ipv6('fe80::1/64')],
  vpn0: [ipv4('10.8.0.1/16'), ipv6('fe80::1/64')],
};

function served(options: Parameters<typeof completeGatewayOptions>[0], interfaceName?: string): readonly string[] {
  const addresses = servedAddresses(completeGatewayOptions(options), INTERFACES, interfaceName);
  return addresses.map(({ bindAddress, group, multicastInterface }) => `${bindAddress} ${group} ${multicastInterface}`);
}

describe.runIf(process.platform !== 'win32')('the addresses of the interface that has the gateway’s', () => {
  test('all three, each with its group', () => {
    expect(served({})).toEqual([
      '192.168.1.1 239.255.255.250 192.168.1.1',
      'fd77::1 FF05::C ::%lan0',
      'fe80::1%lan0 FF02::C ::%lan0',
    ]);
  });

  test('those that it has, however they are written', () => {
    expect(served({ lanAddress6: 'fd77::2' })).toEqual([
      '192.168.1.1 239.255.255.250 192.168.1.1',
      'fe80::1%lan0 FF02::C ::%lan0',
    ]);
    expect(served({ lanAddress6: 'FD77:0::1', linkLocalAddress: 'fe80::2' })).toHaveLength(2);
  });

  test('IPv4 alone for a gateway without IPv6', () => {
    expect(served({ lanAddress6: null })).toEqual(['192.168.1.1 239.255.255.250 192.168.1.1']);
  });

  test('all of 127.0.0.0/8 is on the loopback interface', () => {
    expect(served({ lanAddress: '127.0.0.9', lanAddress6: '::1' })).toEqual([
      '127.0.0.9 239.255.255.250 127.0.0.9',
      '::1 FF05::C ::%lo',
    ]);
  });

  test('an address that no interface has is left to be found out', () => {
    expect(served({ lanAddress: '203.0.113.1' })).toEqual(['203.0.113.1 239.255.255.250 203.0.113.1']);
  });

  test('another interface, by its name', () => {
    expect(served({ linkLocalAddress: 'fe80::1' }, 'vpn0')).toEqual([
      '192.168.1.1 239.255.255.250 192.168.1.1',
      'fe80::1%vpn0 FF02::C ::%vpn0',
    ]);
    expect(served({}, 'gone0')).toEqual(['192.168.1.1 239.255.255.250 192.168.1.1']);
  });

  test('who is near, and who came by another interface', () => {
    const [lan, global, linkLocal] = servedAddresses(completeGatewayOptions({}), INTERFACES);
    const near = (sender: string): unknown[] => [
      lan?.isNear(sender),
      global?.isNear(sender),
      linkLocal?.isNear(sender),
    ];
    expect(near('192.168.1.200')).toEqual([true, true, true]);
    expect(near('192.168.2.1')).toEqual([false, false, false]);
    expect(near('127.0.0.1')).toEqual([false, false, false]);
    expect(near('fd77::1234')).toEqual([true, true, true]);
    expect(near('fe80::1234%lan0')).toEqual([true, true, true]);
    expect(near('fe80::1234%vpn0')).toEqual([false, false, false]);
  });

  test('nobody is near an address that no interface has', () => {
    const [ipv4] = servedAddresses(completeGatewayOptions({ lanAddress: '203.0.113.1' }), INTERFACES);
    expect(ipv4?.isNear('203.0.113.2')).toBe(false);
  });
});
