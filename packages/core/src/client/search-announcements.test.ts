/** Devices that answer a search by multicast alone. */
import { MemoryNetwork, quietHost, simulateGateway, type SimulatedGateway } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import { errAsync, ResultAsync } from '../result.ts';
import { SSDP_PORT } from '../ssdp/multicast.ts';
import type { Transport } from '../ports.ts';
import { discover } from './discover.ts';
import { findGateway, type FindGatewayOptions } from './find-gateway.ts';

/** A router that answers no search. */
function silent(): SimulatedGateway {
  const router = simulateGateway();
  router.inject('udp-loss');
  return router;
}

/** The router's own announcements, at some time of a search. */
async function findAfter(router: SimulatedGateway, ms: number, options: FindGatewayOptions = {}) {
  const finding = findGateway(router.transport, options);
  await router.clock.sleep(ms);
  router.announce('alive');
  return finding;
}

function alive(location: string, target = 'upnp:rootdevice', nts = 'ssdp:alive'): Uint8Array {
  const lines = ['NOTIFY * HTTP/1.1', 'HOST: 239.255.255.250:1900', `LOCATION: ${location}`, `NT: ${target}`];
  return encodeUtf8(`${[...lines, `NTS: ${nts}`, `USN: uuid:9::${target}`].join('\r\n')}\r\n\r\n`);
}

/** What a search makes of one announcement. */
async function heard(payload: Uint8Array, from = '192.168.1.9', targets?: readonly string[]) {
  const network = new MemoryNetwork();
  const asked: string[] = [];
  network.attach({
    ...quietHost('192.168.1.9'),
    http: (_port, { url }) => {
      asked.push(url);
      return { kind: 'failure', code: 'refused', delayMs: 0 };
    },
  });
  const finding = discover(network.transport(), { targets });
  await network.clock.sleep(100);
  network.multicast(payload, { address: from, port: SSDP_PORT }, '239.255.255.250');
  const { rejected, report } = (await finding)._unsafeUnwrap();
  return { asked, rejected, received: report.received, malformed: report.malformed };
}

describe('a gateway that announces itself during a search', () => {
  it.each([5, 400, 1500])('and answers nothing is found: after %i ms', async (ms) => {
    const router = silent();
    const found = (await findAfter(router, ms))._unsafeUnwrap();
    expect(found.gateway.description.location).toBe(router.descriptionUrl);
    expect(router.clock.now()).toBeLessThan(ms + 50);
  });

  it('is found over IPv6', async () => {
    expect((await findAfter(silent(), 300, { families: ['ipv6'] })).isOk()).toBe(true);
  });

  it('is found by discover, with the kind of what was heard', async () => {
    const router = silent();
    const finding = discover(router.transport);
    await router.clock.sleep(100);
    router.announce('alive');
    const { devices } = (await finding)._unsafeUnwrap();
    expect(devices.map(({ answers }) => answers[0]?.kind)).toEqual(['alive']);
  });

  it('is not found where the port of announcements can not be opened, and the search goes on', async () => {
    const router = simulateGateway();
    const { datagram } = router.transport;
    const transport: Transport = {
      ...router.transport,
      datagram: {
        open: (options) =>
          options.localPort === SSDP_PORT
            ? errAsync({ kind: 'transport', code: 'address-in-use', message: 'in use' })
            : datagram.open(options),
      },
    };
    expect((await findGateway(transport)).isOk()).toBe(true);
    router.inject('udp-loss');
    const finding = findGateway(transport);
    await router.clock.sleep(100);
    router.announce('alive');
    expect((await finding)._unsafeUnwrapErr()).toMatchObject({ code: 'no-answer' });
  });
});

describe('an announcement', () => {
  it('is asked for as an answer is: only near, only at the sender, only at usual ports', async () => {
    expect((await heard(alive('http://192.168.1.9/d'))).asked).toEqual(['http://192.168.1.9/d']);
    expect((await heard(alive('http://127.0.0.1:5000/d'))).asked).toEqual(['http://192.168.1.9:5000/d']);
    expect((await heard(alive('http://192.168.1.9:22/d'))).asked).toEqual([]);
    const elsewhere = await heard(alive('http://172.31.9.9/d'), '172.31.9.9');
    expect(elsewhere).toMatchObject({ asked: [], rejected: [{ error: { code: 'off-link-address' } }] });
  });

  it.each([
    ['of what is searched for', 'urn:x:device:A:1', ['urn:x:device:A:1'], 1],
    ['of another version of it', 'urn:x:device:A:2', ['urn:x:device:A:1'], 1],
    ['where everything is searched for', 'urn:x:device:B:1', ['ssdp:all'], 1],
    ['of another device', 'urn:x:device:B:1', ['urn:x:device:A:1'], 0],
    ['of one whose name goes on', 'urn:x:device:A:1:2', ['urn:x:device:A'], 0],
  ])('counts %s', async (_what, target, targets, received) => {
    const { asked, ...report } = await heard(alive('http://192.168.1.9/d', target), '192.168.1.9', targets);
    expect([asked.length, report.received]).toEqual([received, received]);
  });

  it.each([
    ['that a device goes', alive('http://192.168.1.9/d', 'upnp:rootdevice', 'ssdp:byebye')],
    ['that can not be read', encodeUtf8('NOTIFY * HTTP/1.1\r\nNTS: upnp:propchange\r\n\r\n')],
    ['without LOCATION', encodeUtf8('NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\nNT: upnp:rootdevice\r\n\r\n')],
  ])('%s is no answer', async (_what, payload) => {
    expect(await heard(payload)).toEqual({ asked: [], rejected: [], received: 0, malformed: 0 });
  });

  it.each([0, 100])('is heard no more when the search is over: its port is open after %i ms', async (ms) => {
    const router = simulateGateway();
    const { datagram } = router.transport;
    const open = new Set<string>();
    const transport: Transport = {
      ...router.transport,
      datagram: {
        open: (options) =>
          new ResultAsync(
            router.clock.sleep(options.localPort === SSDP_PORT ? ms : 0).then(() => datagram.open(options)),
          ).map((socket) => {
            const name = `${options.localPort} ${open.size}`;
            open.add(name);
            return {
              local: socket.local,
              datagrams: socket.datagrams,
              send: (...all) => socket.send(...all),
              close: () => {
                open.delete(name);
                return socket.close();
              },
            };
          }),
      },
    };
    expect((await findGateway(transport)).isOk()).toBe(true);
    expect(open).toEqual(new Set());
  });
});
