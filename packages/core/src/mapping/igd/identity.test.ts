/** Which gateway is which. */
import { simulateGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import { mapPort } from '../map-port.ts';
import { identityOf } from './identity.ts';
import { isOn } from '../same-gateway.ts';
import { igdMapper } from './mapper.ts';

function nameless(gateway: Gateway): Gateway {
  const { description } = gateway;
  return { ...gateway, description: { ...description, device: { ...description.device, udn: null } } };
}

describe('two findings of a gateway', () => {
  it.each<readonly [string, (gateway: Gateway) => Gateway, boolean]>([
    ['nothing else', (gateway) => ({ ...gateway }), true],
    ['the address of this host', (gateway) => ({ ...gateway, localAddress: '192.168.1.33' }), false],
    ['the UDN', nameless, false],
    [
      'the URL of the description',
      (gateway) => ({ ...gateway, description: { ...gateway.description, location: 'http://192.168.1.1:6000/' } }),
      false,
    ],
    [
      'the control URL',
      (gateway) => {
        const connection = { ...gateway.services.connection, controlUrl: 'http://192.168.1.1:5000/moved' };
        return { ...gateway, services: { ...gateway.services, connection } };
      },
      false,
    ],
  ])('that differ in %s', async (_what, change, isSame) => {
    const { transport, descriptionUrl } = simulateGateway({ maxSearchDelayMs: 0 });
    const { gateway } = (await gatewayAt(transport, descriptionUrl))._unsafeUnwrap();
    expect(gateway.localAddress).toBe('192.168.1.2');
    const [one, other] = [identityOf(gateway), identityOf(change(gateway))];
    expect(one.id === other.id && one.endpoint === other.endpoint).toBe(isSame);
  });
});

it.each([
  ['has a name', (gateway: Gateway) => gateway],
  ['has none', nameless],
])('a gateway that %s is not another one that has none', async (_whether, as) => {
  const router = simulateGateway({ maxSearchDelayMs: 0 });
  const lanAddress = '192.168.1.254';
  const beside = simulateGateway({ network: router.network, maxSearchDelayMs: 0, lanAddress, lanAddress6: null });
  const gateway = as((await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap().gateway);
  const other = nameless((await gatewayAt(router.transport, beside.descriptionUrl))._unsafeUnwrap().gateway);
  const mapped = (await mapPort(igdMapper(gateway), { externalPort: 7777, protocol: 'UDP' }))._unsafeUnwrap();
  expect([isOn(mapped.granted, igdMapper(gateway)), isOn(mapped.granted, igdMapper(other))]).toEqual([true, false]);
});
