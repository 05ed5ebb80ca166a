/** A gateway that was found over IPv6, and takes a mapping over IPv4 alone: miniupnpd in secure mode. */
import {
  quietHost,
  simulateGateway,
  type NetworkHost,
  type SimulatedGateway,
  type SimulateGatewayOptions,
} from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { findGateway } from '../../client/find-gateway.ts';
import { answerOf } from '../../client/forged-answers.test-support.ts';
import type { Datagram } from '../../messages.ts';
import type { Transport } from '../../ports.ts';
import { err, ResultAsync } from '../../result.ts';
import { GATEWAY_SEARCH_TARGETS } from '../../ssdp/search-targets.ts';
import { keepMapped } from '../keeper/keep-mapped.ts';
import { mapPort } from '../map-port.ts';
import { unmapPort } from '../unmap-port.ts';
import { elsewhereOf } from './ask-elsewhere.ts';
import { igdMapper } from './mapper.ts';
import { overIpv4 } from './over-ipv4.ts';

const UDP = { externalPort: 7777, protocol: 'UDP', description: 'a game' } as const;

async function overIpv6(options: SimulateGatewayOptions = {}) {
  const router = simulateGateway({ isSecure: true, maxSearchDelayMs: 0, ...options });
  const { gateway } = (await findGateway(router.transport, { families: ['ipv6'] }))._unsafeUnwrap();
  const started = router.clock.now();
  return { router, gateway, elapsed: () => router.clock.now() - started };
}

/** A host that hears no answer of the router over IPv4. */
function deafToIpv4({ datagram, ...others }: Transport): Transport {
  const open: Transport['datagram']['open'] = (options) =>
    datagram.open(options).map((socket) => ({
      ...socket,
      send: (payload, to) => socket.send(payload, to),
      close: () => socket.close(),
      datagrams: without(socket.datagrams, '192.168.1.1'),
    }));
  return { ...others, datagram: { open } };
}

async function* without(datagrams: AsyncIterable<Datagram>, address: string): AsyncGenerator<Datagram, undefined> {
  for await (const datagram of datagrams) if (datagram.from.address !== address) yield datagram;
}

/** Another device, which answers to the router's UDN, and is described as the router is but for that. */
function impostor({ machine, config }: SimulatedGateway, address: string): NetworkHost {
  const changed = (bytes: Uint8Array, from: string, to: string): Uint8Array =>
    new TextEncoder().encode(new TextDecoder().decode(bytes).replaceAll(from, to));
  return {
    addresses: [address],
    datagram: (payload, to, from) => {
      const outcome = machine.host.datagram(payload, to, from);
      if (outcome === 'refused') return outcome;
      return outcome.map((reply) => ({
        ...reply,
        from: { ...reply.from, address },
        payload: changed(reply.payload, '192.168.1.1:', `${address}:`),
      }));
    },
    http: (port, request, from) => {
      const outcome = machine.host.http(port, request, from);
      if (outcome.kind === 'failure') return outcome;
      const body = changed(outcome.response.body, config.uuid, '99999999-2c4b-4d6e-8f90-a1b2c3d4e500');
      return { ...outcome, response: { ...outcome.response, headers: [], body } };
    },
  };
}

describe('a port', () => {
  it.each([1, 2] as const)(
    'is mapped over IPv4 after the refusal over IPv6, and unmapped so: version %i',
    async (v) => {
      const { router, gateway, elapsed } = await overIpv6({ igdVersion: v });
      const mapped = (await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap();
      expect(mapped).toMatchObject({ verified: 'verified', granted: { internalClient: '192.168.1.2' } });
      expect(mapped.attempts).toMatchObject([{ error: { code: v === 1 ? 718 : 606 } }]);
      expect(mapped.mapper.gateway.endpoint).toContain('http://192.168.1.1:5000/');
      expect(mapped.mapper.gateway.id).toBe(igdMapper(gateway).gateway.id);
      expect(elapsed()).toBeLessThan(100);
      expect((await unmapPort(igdMapper(gateway), UDP)).isOk()).toBe(true);
      expect(router.mappings()).toEqual([]);
    },
  );

  it('is mapped over IPv6 on a router that takes it there, which is not searched for again', async () => {
    const { router, gateway } = await overIpv6({ isSecure: false });
    const searches = () => router.exchanges().filter(({ kind }) => kind === 'search').length;
    const before = searches();
    expect((await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap().attempts).toEqual([]);
    expect(searches()).toBe(before);
  });

  it('is kept, and given back', async () => {
    const { router } = await overIpv6();
    const find = () =>
      findGateway(router.transport, { families: ['ipv6'] }).map(({ gateway, state }) => ({
        mapper: igdMapper(gateway),
        state,
      }));
    const port = keepMapped(router.transport, { ...UDP, find });
    await router.clock.advance('3h');
    expect(router.mappings()).toMatchObject([{ internalClient: '192.168.1.2' }]);
    expect((await port.close()).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });

  it('is refused within a second more where the router does not answer over IPv4', async () => {
    const { router, gateway, elapsed } = await overIpv6();
    const deaf = { ...gateway, transport: deafToIpv4(router.transport) };
    const error = (await mapPort(igdMapper(deaf), UDP))._unsafeUnwrapErr();
    expect(error).toMatchObject({ code: 'refused', attempts: [{ error: { code: 606 } }] });
    expect(elapsed()).toBeLessThan(1_200);
  });

  it('is mapped on a router that answers over IPv4 as a gateway alone', async () => {
    const { router, gateway } = await overIpv6({
      answeredTargets: ['urn:schemas-upnp-org:device:InternetGatewayDevice:1'],
    });
    expect((await mapPort(igdMapper(gateway), UDP))._unsafeUnwrap().granted.internalClient).toBe('192.168.1.2');
    expect(router.mappings()).toHaveLength(1);
  });

  it('is searched for once, and only after a refusal that IPv6 may be the reason for', async () => {
    for (const [code, searched] of [
      [718, 1],
      [606, 1],
      [501, 0],
      [729, 0],
    ] as const) {
      const { router, gateway, elapsed } = await overIpv6();
      const deaf = { ...gateway, transport: deafToIpv4(router.transport) };
      const ask = elsewhereOf(deaf);
      const error = { kind: 'upnp-fault', code, message: '' } as const;
      for (let times = 0; times < 3; times += 1) expect(await ask(error as never, {})).toBe(null);
      expect(Math.round(elapsed() / 1000)).toBe(searched);
    }
  });

  it('costs four requests at a time, one for each URL, and lets go of the caller’s signal', async () => {
    const { router, gateway } = await overIpv6();
    let [current, most, listeners] = [0, 0, 0];
    const urls: string[] = [];
    const { transport } = gateway;
    const http: Transport['http'] = {
      request: ({ url }, options) => {
        urls.push(url);
        current += 1;
        most = Math.max(most, current);
        return new ResultAsync(
          transport.clock.sleep(20, options.signal).then(() => {
            current -= 1;
            return err({ kind: 'transport', code: 'refused', message: 'refused' } as const);
          }),
        );
      },
    };
    router.network.attach({
      ...quietHost('192.168.1.66'),
      datagram: () =>
        GATEWAY_SEARCH_TARGETS.flatMap((target) =>
          Array.from({ length: 16 }, (_, at) => ({
            payload: answerOf(`http://192.168.1.66:5000/${at}`, target),
            from: { address: '192.168.1.66', port: 1900 },
            delayMs: 0,
          })),
        ),
    });
    const signal = {
      aborted: false,
      addEventListener: () => void (listeners += 1),
      removeEventListener: () => void (listeners -= 1),
    };
    const before = listeners;
    expect(await overIpv4({ ...gateway, transport: { ...deafToIpv4(transport), http } }, { signal })).toBe(null);
    expect(most).toBe(4);
    expect(new Set(urls).size).toBe(16);
    expect(urls).toHaveLength(16);
    expect(listeners).toBe(before);
  });

  it('is not mapped on another device that answers in its place', async () => {
    const { router, gateway } = await overIpv6();
    router.network.attach(impostor(router, '192.168.1.200'));
    const deaf = { ...gateway, transport: deafToIpv4(router.transport) };
    expect((await mapPort(igdMapper(deaf), UDP)).isErr()).toBe(true);
    const asked = router.exchanges().filter((one) => one.kind === 'http' && one.request.method === 'POST');
    expect(asked.every((one) => one.kind === 'http' && one.from.includes(':'))).toBe(true);
  });
});
