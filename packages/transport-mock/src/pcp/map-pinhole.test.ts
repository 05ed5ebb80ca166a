import { describe, expect, test } from 'vitest';
import { args, readAnswer, soapRequest, V6FW1 } from '../gateway.test-support.ts';
import type { PcpOptions } from './pcp-options.ts';
import {
  address16,
  askPcp,
  type MapFields,
  NONCE,
  OTHER_NONCE,
  type PcpFields,
  portControlRouter,
  PREFER_FAILURE,
} from '../port-control/port-control.test-support.ts';
import type { SimulatedGateway } from '../simulate-gateway.ts';

function map(router: SimulatedGateway, fields: MapFields = {}): Promise<PcpFields> {
  return askPcp(router, { client: 'fd77::2', externalAddress: '::', ...fields }, { to: 'fd77::1' });
}

const pinholes = ({ machine }: SimulatedGateway) => machine.gateway.firewall.pinholes.all();

function withPcp(pcp: PcpOptions = {}): SimulatedGateway {
  return portControlRouter({ pcp });
}

describe('MAP over IPv6', () => {
  test('opens a pinhole on the address and port of the client', async () => {
    await using router = withPcp();
    expect(await map(router, { externalPort: 9000 })).toMatchObject({
      result: 0,
      lifetime: 3600,
      internalPort: 7777,
      externalPort: 7777,
      externalAddress: address16('fd77::2'),
    });
    expect(pinholes(router)).toMatchObject([
      {
        remoteHost: '',
        remotePort: 0,
        internalClient: 'fd77::2',
        internalPort: 7777,
        protocol: 17,
        wasRenewed: false,
        pcp: { nonce: NONCE, filters: [] },
      },
    ]);
    expect(router.mappings()).toEqual([]);
  });

  test('a renewal begins the lease anew, and takes the same nonce', async () => {
    await using router = withPcp();
    await map(router);
    await router.clock.advance('50m');
    expect(await map(router, { nonce: OTHER_NONCE })).toMatchObject({ result: 2, lifetime: 590 });
    expect(await map(router)).toMatchObject({ result: 0 });
    await router.clock.advance('50m');
    expect(pinholes(router)).toHaveLength(1);
    await router.clock.advance('10m');
    expect(pinholes(router)).toEqual([]);
  });

  test('a delete takes the nonce, and of nothing is a success', async () => {
    await using router = withPcp({ nothingToDelete: 8 });
    await map(router);
    await map(router, { protocol: 6 });
    expect(await map(router, { lifetime: 0, nonce: OTHER_NONCE })).toMatchObject({ result: 2 });
    for (let count = 0; count < 2; count += 1) {
      expect(await map(router, { lifetime: 0 })).toMatchObject({ result: 0, lifetime: 0 });
      expect(pinholes(router)).toMatchObject([{ protocol: 6 }]);
    }
    expect(await map(router, { lifetime: 0, protocol: 0, internalPort: 0 })).toMatchObject({ result: 0 });
    expect(pinholes(router)).toEqual([]);
  });

  test('UPnP finds it by the same five values, and takes it over', async () => {
    await using router = withPcp();
    await map(router);
    const [{ uniqueId } = { uniqueId: -1 }] = pinholes(router);
    const request = soapRequest(
      V6FW1,
      'AddPinhole',
      args({
        RemoteHost: '',
        RemotePort: 0,
        InternalClient: 'FD77:0::2',
        InternalPort: 7777,
        Protocol: 17,
        LeaseTime: 60,
      }),
    );
    const host = router.machine.host.http(5000, request, 'fd77::2');
    expect(host.kind === 'response' && readAnswer(host.response)).toEqual({ UniqueID: String(uniqueId) });
    expect(pinholes(router)).toMatchObject([{ pcp: undefined }]);
    expect(await map(router, { lifetime: 0 })).toMatchObject({ result: 2 });
  });

  test.each([
    [9, 'all protocols', { protocol: 0, internalPort: 0 }, {}],
    [9, 'all ports', { internalPort: 0 }, {}],
    [11, 'another port, by PREFER_FAILURE', { externalPort: 80, options: PREFER_FAILURE }, {}],
    [11, 'another address, by PREFER_FAILURE', { externalAddress: 'fd77::3', options: PREFER_FAILURE }, {}],
    [12, 'the address of another', { client: 'fd77::9' }, {}],
    [2, 'what the firewall does not allow', {}, { areInboundPinholesAllowed: false }],
    [2, 'what the owner has switched off', {}, { isSwitchedOff: true }],
    [8, 'more than there is room for', {}, { pinholeCapacity: 0 }],
    [10, 'more than a client may have', {}, { pcp: { clientQuota: 0 } }],
  ] as const)('%d: %s', async (result, _what, fields, options) => {
    await using router = portControlRouter(options);
    expect(await map(router, fields)).toMatchObject({ result });
    expect(pinholes(router)).toEqual([]);
  });

  test('2 from a link-local address, which nobody outside can reach', async () => {
    await using router = withPcp();
    expect(await askPcp(router, { client: 'fe80::2' }, { to: 'fe80::1' })).toMatchObject({ result: 2 });
  });

  test('other protocols than TCP and UDP have pinholes, too', async () => {
    await using router = withPcp();
    expect(await map(router, { protocol: 132 })).toMatchObject({ result: 0 });
  });
});

describe('what routers do', () => {
  test('miniupnpd until 2.3.7 renews with another nonce, which replaces the old one', async () => {
    for (const [renewsWithAnyNonce, result] of [
      ['all', 0],
      ['ipv4', 2],
    ] as const) {
      await using router = withPcp({ renewsWithAnyNonce });
      await map(router);
      expect(await map(router, { nonce: OTHER_NONCE })).toMatchObject({ result });
      expect(pinholes(router)).toMatchObject([{ pcp: { nonce: result === 0 ? OTHER_NONCE : NONCE } }]);
    }
  });

  test('with nftables it deletes no pinhole that was renewed', async () => {
    await using router = withPcp({ deletesRenewedPinholes: false });
    await map(router);
    expect(await map(router, { lifetime: 0 })).toMatchObject({ result: 0 });
    await map(router);
    await map(router);
    expect(await map(router, { lifetime: 0 })).toMatchObject({ result: 2 });
    expect(pinholes(router)).toHaveLength(1);
  });

  test('on pf it renews none, until it has run out or was deleted', async () => {
    await using router = withPcp({ renewsPinholes: false });
    await map(router);
    expect(await map(router)).toMatchObject({ result: 8, lifetime: 30 });
    expect(await map(router, { lifetime: 0 })).toMatchObject({ result: 0 });
    expect(await map(router)).toMatchObject({ result: 0 });
    await router.clock.advance('1h');
    expect(await map(router)).toMatchObject({ result: 0 });
  });

  test('PREFER_FAILURE is ignored over IPv6', async () => {
    await using router = withPcp({ ignoresPreferFailure: 'ipv6' });
    expect(await map(router, { externalPort: 80, options: PREFER_FAILURE })).toMatchObject({
      result: 0,
      externalPort: 7777,
    });
  });
});
