import type { HttpOptions } from '@portwright/core';
import { err } from '@portwright/core/result';
import { describe, expect, test } from 'vitest';
import { mappingArgs, readAnswer, soapRequest, WANIP2 } from '../gateway.test-support.ts';
import { simulateGateway, type SimulatedGateway } from '../simulate-gateway.ts';
import { answer, call, description, faulty, get, search } from './faults.test-support.ts';

const OPTIONS: HttpOptions = { deadlineMs: 5_000, maxBodyBytes: 100_000 };

test('a fault happens to the nth request that it is for, once, and the recording names it', async () => {
  await using router = simulateGateway();
  const fault = router.inject('reset-after-request', { on: 'AddPortMapping', nth: 2 });
  const add = async (port: number): Promise<unknown> => {
    const request = soapRequest(WANIP2, 'AddPortMapping', mappingArgs({ NewExternalPort: port }));
    return (await router.transport.http.request(request, OPTIONS)).match(readAnswer, ({ code }) => code);
  };
  expect([await add(5001), await add(5002), await add(5003)]).toEqual([{}, 'reset', {}]);
  expect(fault.hits).toBe(1);
  expect(router.mappings().map(({ externalPort }) => externalPort)).toEqual([5001, 5002, 5003]);
  expect(router.exchanges().map(({ faults }) => faults)).toEqual([[], ['reset-after-request'], []]);
});

/** The statuses of so many GetStatusInfo, a second apart. */
async function statuses(router: SimulatedGateway, count: number): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let at = 0; at < count; at += 1) {
    seen.push((await answer(router, soapRequest(WANIP2, 'GetStatusInfo', ''))).status);
    await router.clock.advance(998);
  }
  return seen;
}

describe('the schedule', () => {
  test('without options a fault happens always, until it is taken back', async () => {
    await using router = simulateGateway();
    const fault = router.inject('http-403');
    expect(await statuses(router, 2)).toEqual([403, 403]);
    fault.remove();
    expect(await statuses(router, 1)).toEqual([200]);
    expect(fault.hits).toBe(2);
  });

  test('times: so often at most', async () => {
    await using router = faulty('http-403', { times: 2 });
    expect(await statuses(router, 4)).toEqual([403, 403, 200, 200]);
  });

  test('after and until: from a time on, up to a time', async () => {
    await using router = faulty('http-403', { after: '2s', until: '4s' });
    expect(await statuses(router, 6)).toEqual([200, 200, 403, 403, 200, 200]);
  });

  test('after, nth and times count together', async () => {
    await using router = faulty('http-403', { after: '1s', times: 1 });
    expect(await statuses(router, 4)).toEqual([200, 403, 200, 200]);
  });

  test('nth counts what the fault can happen to, and nothing else', async () => {
    await using router = faulty('http-403', { nth: 2 });
    await description(router);
    await search(router);
    expect(await statuses(router, 3)).toEqual([200, 403, 200]);
  });

  test('on: a kind of request, or an action', async () => {
    await using router = faulty('trailing-nul', { on: 'scpd' });
    expect(await description(router)).not.toContain('\0');
    const scpd = await answer(router, get('http://192.168.1.1:5000/scpd/WANIPConn1.xml'));
    expect(scpd.body.at(-1)).toBe(0);
    await using other = faulty('fault-with-http-200', { on: 'DeletePortMapping' });
    const unknown = soapRequest(WANIP2, 'GetSpecificPortMappingEntry', '');
    expect((await answer(other, unknown)).status).toBe(500);
    expect((await answer(other, soapRequest(WANIP2, 'DeletePortMapping', ''))).status).toBe(200);
  });

  test('probability: about so often, by the seed', async () => {
    const run = async (seed: number): Promise<readonly number[]> => {
      await using router = faulty('http-403', { probability: 0.3 }, { seed });
      return await statuses(router, 200);
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
    expect(first.filter((status) => status === 403).length).toBeGreaterThan(40);
    expect(first.filter((status) => status === 403).length).toBeLessThan(80);
  });

  test('what strikes does so once, at its time or at a request', async () => {
    await using router = simulateGateway();
    const timed = router.inject('reboot', { after: '5s' });
    const removed = router.inject('reboot', { after: '6s' });
    removed.remove();
    await router.clock.advance('10s');
    expect(router.config.bootId).toBe(2);
    await description(router);
    await description(router);
    expect([timed.hits, removed.hits, router.config.bootId]).toEqual([1, 0, 2]);
    const at = router.inject('external-address-changes', { on: 'description' });
    await description(router);
    router.changeExternalAddress('5.5.5.1');
    await description(router);
    expect([at.hits, router.machine.gateway.connection.externalAddress]).toEqual([1, '5.5.5.1']);
  });

  test('a fault that waits for its time does not make the time pass', async () => {
    await using router = faulty('reboot', { after: '5s' });
    await description(router);
    // Nobody asks anything: the clock has every opportunity to jump.
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([router.clock.now(), router.config.bootId]).toEqual([2, 1]);
    await router.clock.advance('5s');
    expect(router.config.bootId).toBe(2);
  });

  test('a gateway that is closed is left alone, and nobody waits for it', async () => {
    const router = faulty('reboot', { after: '1h' });
    expect(router.clock.pending).toBe(1);
    await router.close();
    await router.clock.advance('2h');
    expect(router.config.bootId).toBe(1);
    expect(router.clock.pending).toBe(0);
  });
});

describe('options of faults', () => {
  test('hold as long as the fault happens, and are seen in the configuration', async () => {
    await using router = simulateGateway();
    const fault = router.inject('version-2-without-its-actions');
    expect(router.config.omittedActions).toHaveLength(3);
    fault.remove();
    expect(router.config.omittedActions).toEqual([]);
  });

  test('follow the schedule', async () => {
    await using router = faulty('control-url-absolute', { on: 'description', nth: 2 });
    const absolute = async (): Promise<boolean> => (await description(router)).includes('<controlURL>http://');
    expect([await absolute(), await absolute(), await absolute()]).toEqual([false, true, false]);
  });

  test('come over those of the gateway, group by group, and the later fault counts', async () => {
    await using router = simulateGateway({ answers: { actionPrefix: 'm', hasDataTypes: false } });
    router.inject('data-types-on-arguments');
    router.inject('fault-with-another-prefix');
    expect(router.config.answers).toMatchObject({
      actionPrefix: 'm',
      hasDataTypes: true,
      envelopePrefix: 'SOAP-ENV',
    });
    router.inject('timed-lease-402');
    router.inject('timed-lease-501');
    expect(await call(router, WANIP2, 'AddPortMapping', mappingArgs())).toBe(501);
  });

  test('come over those of a persona, whose other quirks stay', async () => {
    await using router = simulateGateway({ persona: 'nec-aterm' });
    const { actionPrefix, envelopePrefix, unqualifiesErrors } = router.config.answers;
    expect([actionPrefix, envelopePrefix, unqualifiesErrors]).toEqual(['m', 'SOAP-ENV', true]);
    router.inject('data-types-on-arguments');
    expect(router.config.answers).toMatchObject({ actionPrefix: 'm', envelopePrefix: 'SOAP-ENV', hasDataTypes: true });
  });

  test('leave the state alone', async () => {
    await using router = simulateGateway();
    await call(router, WANIP2, 'AddPortMapping', mappingArgs());
    router.inject('two-wan-devices').remove();
    expect(router.mappings()).toHaveLength(1);
  });
});

describe('several faults', () => {
  test('happen to the same answer, the first one next to the gateway', async () => {
    await using router = simulateGateway();
    router.inject('fault-without-detail');
    router.inject('fault-with-http-200');
    router.inject('trailing-nul');
    router.inject('http-1.0-without-length');
    const request = soapRequest(WANIP2, 'GetSpecificPortMappingEntry', '');
    const { status, body, headers } = await answer(router, request);
    expect(status).toBe(200);
    expect(new TextDecoder().decode(body)).toMatch(/<faultstring>UPnPError<\/faultstring><\/s:Fault>.*\0$/s);
    expect(headers.map(([name]) => name)).not.toContain('CONTENT-LENGTH');
    expect(router.exchanges().at(-1)?.faults).toEqual([
      'fault-without-detail',
      'fault-with-http-200',
      'trailing-nul',
      'http-1.0-without-length',
    ]);
  });

  test('of the wire: the later one sees what the earlier one has left of the answer', async () => {
    await using router = simulateGateway();
    router.inject('reset-after-request');
    router.inject('slow-loris');
    const request = soapRequest(WANIP2, 'GetStatusInfo', '');
    expect((await router.transport.http.request(request, OPTIONS))._unsafeUnwrapErr().code).toBe('reset');
  });

  test('of searches: each answer is doubled, then garbled', async () => {
    await using router = simulateGateway();
    router.inject('duplicate-answers');
    router.inject('garbage-datagram');
    expect(await search(router)).toHaveLength(4);
  });
});

test('with the same seed all that is random is the same', async () => {
  const run = async (seed: number, own?: number): Promise<readonly string[]> => {
    await using router = faulty('garbage-datagram', own === undefined ? {} : { seed: own }, { seed });
    router.inject('udp-loss-of-half');
    return (await search(router, { target: 'ssdp:all' })).map(({ message, at }) => `${at} ${message}`);
  };
  const first = await run(1);
  expect(await run(1)).toEqual(first);
  expect(await run(2)).not.toEqual(first);
  expect(await run(1, 9)).not.toEqual(first);
});

test('a fault of one’s own is injected like any other', async () => {
  await using router = simulateGateway();
  router.inject({
    name: 'refuses-low-ports',
    row: 0,
    what: 'ports below 10,000 are refused',
    remedy: 'tries another port',
    on: ['AddPortMapping'],
    hooks: () => ({
      action: (call, proceed) => (Number(call.args.get('NewExternalPort')) < 10_000 ? err({ code: 606 }) : proceed()),
    }),
  });
  expect(await call(router, WANIP2, 'AddPortMapping', mappingArgs({ NewExternalPort: 9_999 }))).toBe(606);
  expect(await call(router, WANIP2, 'AddPortMapping', mappingArgs({ NewExternalPort: 10_000 }))).toEqual({});
  expect(router.exchanges()[0]?.faults).toEqual(['refuses-low-ports']);
});

test('a fault of one’s own may change the request before the gateway sees it', async () => {
  await using router = simulateGateway();
  router.inject({
    name: 'other-port',
    row: 0,
    what: 'every mapping gets external port 4711',
    remedy: 'reads back',
    on: ['AddPortMapping'],
    hooks: () => ({
      action: (asked, proceed) => proceed({ ...asked, args: new Map([...asked.args, ['NewExternalPort', 4_711]]) }),
    }),
  });
  await call(router, WANIP2, 'AddPortMapping', mappingArgs());
  expect(router.mappings()).toMatchObject([{ externalPort: 4_711, internalPort: 7_777 }]);
});
