import { MemoryNetwork, simulateGateway } from '@portwright/transport-mock';
import { expect, it } from 'vitest';
import type { InterfaceAddress } from '../ports.ts';
import { findGateway } from './find-gateway.ts';
import { gatewayAt } from './gateway-at.ts';
import { warningsFor } from './gateway-warnings.ts';

const LISTED: readonly InterfaceAddress[] = [
  { name: 'lo', family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: true },
  { name: 'eth0', family: 'ipv4', address: '192.168.1.2', prefixLength: 24, internal: false },
  { name: 'eth0', family: 'ipv6', address: 'fe80::2', prefixLength: 64, internal: false },
  { name: 'tun0', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false },
];

it.each([
  ['the default router', '192.168.1.1', '192.168.1.1', false],
  ['another router', '192.168.1.254', '192.168.1.1', true],
  ['a router beside a VPN', '192.168.1.1', '10.8.0.1', true],
  ['an unknown default router', '192.168.1.254', null, false],
  ['a router behind the default router', '192.168.0.1', '192.168.1.1', false],
  ['a router on this host', '192.168.1.2', '192.168.1.1', false],
  ['a router on loopback', '127.0.0.1', '192.168.1.1', false],
  ['a router that is reached over IPv6', 'fe80::1%eth0', '192.168.1.1', false],
  ['a host name', 'router.lan', '192.168.1.1', false],
])('%s', (_what, host, router, isWarned) => {
  expect(warningsFor(host, router, LISTED).map(({ code }) => code)).toEqual(isWarned ? ['not-default-router'] : []);
});

it.each([
  ['markup-in-a-name', true],
  ['mismatched-tag', true],
  ['bytes-after-the-description', false],
  ['repeated-xmlns', true],
] as const)('%s is told of the default router, too', async (fault, isNameLost) => {
  const network = new MemoryNetwork();
  const router = simulateGateway({ network });
  network.defaultGateway = '192.168.1.1';
  router.inject(fault);
  const atUrl = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  const found = (await findGateway(router.transport))._unsafeUnwrap();
  for (const { warnings, gateway } of [atUrl, found]) {
    expect(warnings).toMatchObject([
      { code: 'damaged-description', hint: expect.stringMatching(/firmware/) as string },
    ]);
    expect(warnings[0]?.message).toMatch(/^the device description is not well-formed XML at .+: ".+"$/);
    expect(gateway.description.device.friendlyName).toBe(isNameLost ? null : 'Simulated router');
  }
});

it('is given for a gateway at a URL, too', async () => {
  const network = new MemoryNetwork();
  const router = simulateGateway({ network });
  expect((await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap().warnings).toEqual([]);
  network.defaultGateway = '192.168.1.77';
  expect((await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap().warnings).toHaveLength(1);
});
