/** Faults of what happens without a client's request. */
import { describe, expect, test } from 'vitest';
import { simulateGateway, type SimulatedGateway } from '../simulate-gateway.ts';
import type { FaultDefinition } from './fault.ts';

const TEXT = new TextDecoder();
const UTF8 = new TextEncoder();

const defect = (hooks: FaultDefinition['hooks']): Parameters<SimulatedGateway['inject']>[0] => ({
  row: 0,
  what: '',
  remedy: '',
  name: 'a defect',
  hooks,
});

test('announcement: what is multicast, set by set', async () => {
  await using router = simulateGateway();
  const options = { family: 'ipv4', localPort: 1_900, memberships: ['239.255.255.250'] } as const;
  const socket = (await router.transport.datagram.open(options))._unsafeUnwrap();
  const fault = router.inject(
    defect(() => ({ announcement: (messages, kind) => (kind === 'byebye' ? [] : messages.slice(0, 1)) })),
  );
  router.announce('byebye');
  router.announce('alive');
  await router.clock.advance('1s');
  await socket.close();
  const heard: string[] = [];
  for await (const { payload } of socket.datagrams) heard.push(/^NTS: (.*)\r$/m.exec(TEXT.decode(payload))?.[1] ?? '');
  expect(heard).toEqual(['ssdp:alive']);
  expect(fault.hits).toBeGreaterThan(0);
});

describe('notification', () => {
  /** The SEQ of the events that come. */
  async function heard(hooks: FaultDefinition['hooks']): Promise<readonly string[]> {
    await using router = simulateGateway();
    router.inject(defect(hooks));
    const events: string[] = [];
    const take = ({ headers }: { readonly headers: readonly (readonly [string, string])[] }): number => {
      events.push(headers.find(([name]) => name === 'SEQ')?.[1] ?? '');
      return 200;
    };
    const listener = (await router.transport.events?.listen('192.168.1.2', take))?._unsafeUnwrap();
    const service = router.machine.gateway.services.find(({ connection }) => connection !== null);
    const url = `http://192.168.1.1:5000${service?.eventPath ?? ''}`;
    const headers = [
      ['Host', '192.168.1.1:5000'],
      ['CALLBACK', `<${listener?.url ?? ''}>`],
      ['NT', 'upnp:event'],
    ] as const;
    const limits = { deadlineMs: 5_000, maxBodyBytes: 1_000 };
    const subscribe = { method: 'SUBSCRIBE', url, headers, body: new Uint8Array() } as const;
    expect((await router.transport.http.request(subscribe, limits))._unsafeUnwrap().status).toBe(200);
    await router.clock.advance('1s');
    router.setWanLink(false);
    await router.clock.advance('1s');
    return events;
  }

  test('an event that is changed', async () => {
    const renumbered: FaultDefinition['hooks'] = () => ({
      notification: (request) => ({
        ...request,
        headers: request.headers.map(([name, value]) => [name, name === 'SEQ' ? `9${value}` : value]),
      }),
    });
    expect(await heard(renumbered)).toEqual(['90', '91']);
  });

  test('an event that is not sent, and the gateway goes on as if it were', async () => {
    let count = 0;
    expect(await heard(() => ({ notification: (request) => ((count += 1) === 1 ? null : request) }))).toEqual(['1']);
  });
});

test('inbound: what comes of a datagram from the WAN', async () => {
  await using router = simulateGateway();
  const outside = (await router.wanHost().datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
  router.inject(
    defect(() => ({
      inbound: ({ payload, to }, proceed) =>
        to.port === 1_900 ? { inside: null, answers: [payload, UTF8.encode('HTTP/1.1 200 OK')] } : proceed(),
    })),
  );
  for (const port of [1_900, 1_901]) {
    expect((await outside.send(UTF8.encode(`to ${port}`), { address: '5.5.5.1', port })).isOk()).toBe(true);
  }
  await router.clock.advance('1s');
  await outside.close();
  const answers: string[] = [];
  for await (const { payload, from } of outside.datagrams) answers.push(`${TEXT.decode(payload)} from ${from.port}`);
  expect(answers).toEqual(['to 1900 from 1900', 'HTTP/1.1 200 OK from 1900']);
});

test('on names them, and what has no such hook can’t happen there', () => {
  const router = simulateGateway();
  expect(() =>
    router.inject(
      defect(() => ({ inbound: (_datagram, proceed) => proceed() })),
      { on: 'inbound' },
    ),
  ).not.toThrow();
  expect(() => router.inject('reset-after-request', { on: 'announcement' })).toThrow(/does not apply to announcement/);
});
