import { expect, it } from 'vitest';
import type { InterfaceAddress } from '../../ports.ts';
import { globalAddresses } from './client-addresses.ts';

function on(address: string, changes: Partial<InterfaceAddress> = {}): InterfaceAddress {
  return { name: 'eth0', family: 'ipv6', address, prefixLength: 64, internal: false, ...changes };
}

const STABLE = on('2a02:1:2:3::20');
const OTHER = on('2a02:9:9:9::20');
const TEMPORARY = on('2a02:1:2:3:abcd::1', { temporary: true });
const DEPRECATED = on('2a02:7:7:7::1', { deprecated: true });

it.each([
  ['each stable address', [STABLE, OTHER], [STABLE, OTHER]],
  ['no temporary one', [TEMPORARY, STABLE], [STABLE]],
  ['a temporary one rather than none', [TEMPORARY, DEPRECATED], [TEMPORARY]],
  ['no deprecated one', [DEPRECATED], []],
  ['no ULA', [on('fd00::20'), STABLE], [STABLE]],
  ['no link-local one', [on('fe80::20')], []],
  ['no loopback', [on('::1', { internal: true }), on('2a02::5', { internal: true })], []],
  ['none of another interface', [on('2a02:5::1', { name: 'wlan0' }), STABLE], [STABLE]],
  ['none of IPv4', [on('203.0.113.5', { family: 'ipv4' })], []],
  ['the networks for examples, which labs use', [on('2001:db8::20')], [on('2001:db8::20')]],
])('%s', (_which, listed, expected) => {
  expect(globalAddresses(listed, { address: 'fe80::1%eth0' })).toEqual(expected.map(({ address }) => address));
});

it('the interface is that of the zone, else the one that is named, else any', () => {
  const listed = [on('2a02:1::1'), on('2a02:2::1', { name: 'wlan0' }), on('2a02:3::1', { name: 'Wi-Fi', zone: '7' })];
  const found = (address: string, name?: string): readonly string[] => globalAddresses(listed, { address, name });
  expect(found('fe80::1%wlan0', 'eth0')).toEqual(['2a02:2::1']);
  expect(found('fe80::1%7')).toEqual(['2a02:3::1']);
  expect(found('2a02:1::ffff', 'eth0')).toEqual(['2a02:1::1']);
  expect(found('2a02:1::ffff')).toHaveLength(3);
});
