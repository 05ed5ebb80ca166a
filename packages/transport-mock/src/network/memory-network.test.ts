import type { HttpOptions, HttpRequest, TransportError } from '@portwright/core';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { bytes, text } from '../gateway.test-support.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import { MemoryNetwork } from './memory-network.ts';
import { deadHost, type HttpOutcome, type NetworkHost, quietHost } from './network-host.ts';

const OPTIONS: HttpOptions = { deadlineMs: 5_000, maxBodyBytes: 100_000 };

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: [['HOST', 'x']], body: new Uint8Array() };
}

function webHost(address: string, outcome: HttpOutcome): NetworkHost {
  return { addresses: [address], http: () => outcome, datagram: () => [] };
}

function respond(body: string, delayMs = 0): HttpOutcome {
  return { kind: 'response', response: { status: 200, headers: [], body: bytes(body) }, delayMs };
}

async function failure(
  network: MemoryNetwork,
  url: string,
  options: Partial<HttpOptions> = {},
): Promise<TransportError> {
  const result = await network.transport().http.request(get(url), { ...OPTIONS, ...options });
  return result._unsafeUnwrapErr();
}

describe('HTTP', () => {
  test('reaches a gateway by IPv4, IPv6 and its link-local address', async () => {
    await using router = simulateGateway();
    for (const [host, localAddress] of [
      ['192.168.1.1', '192.168.1.2'],
      ['[fd77::1]', 'fd77::2'],
      ['[fe80::1%25lan0]', 'fe80::2'],
      ['[FE80:0::1]', 'fe80::2'],
    ] as const) {
      const result = await router.transport.http.request(get(`http://${host}:5000/description.xml`), OPTIONS);
      const response = result._unsafeUnwrap();
      expect(response.status).toBe(200);
      expect(response.localAddress).toBe(localAddress);
    }
    expect(router.exchanges().map(({ from }) => from)).toEqual(['192.168.1.2', 'fd77::2', 'fe80::2', 'fe80::2']);
  });

  test('takes the latency, there and back, and the host’s own time', async () => {
    const network = new MemoryNetwork({ latencyMs: 15 });
    network.attach(webHost('192.168.1.9', respond('hello', 100)));
    const result = await network.transport().http.request(get('http://192.168.1.9/'), OPTIONS);
    expect(text(result._unsafeUnwrap().body)).toBe('hello');
    expect(network.clock.now()).toBe(130);
  });

  test('takes no time at all without latency', async () => {
    const network = new MemoryNetwork({ latencyMs: 0 });
    network.attach(webHost('192.168.1.9', respond('hello')));
    expect((await network.transport().http.request(get('http://192.168.1.9/'), OPTIONS)).isOk()).toBe(true);
    expect(network.clock.now()).toBe(0);
  });

  test('a port without a server: refused, after a round trip', async () => {
    await using router = simulateGateway();
    const error = await failure(router.network, 'http://192.168.1.1:80/');
    expect(error).toMatchObject({ kind: 'transport', code: 'refused', cause: 'ECONNREFUSED' });
    expect(router.clock.now()).toBe(2);
  });

  test('a host that offers nothing: refused', async () => {
    const network = new MemoryNetwork();
    network.attach(quietHost('192.168.1.50'));
    expect(await failure(network, 'http://192.168.1.50/')).toMatchObject({ code: 'refused' });
  });

  test('this machine itself: refused', async () => {
    const network = new MemoryNetwork();
    for (const host of ['127.0.0.1', '192.168.1.2', '[::1]', '[fd77::2]']) {
      expect(await failure(network, `http://${host}:5000/`)).toMatchObject({ code: 'refused' });
    }
  });

  test('a dead host: timeout, at the deadline and not before', async () => {
    const network = new MemoryNetwork();
    network.attach(deadHost('192.168.1.50'));
    const error = await failure(network, 'http://192.168.1.50:5000/', { deadlineMs: 1_000 });
    expect(error).toMatchObject({ code: 'timeout', cause: 'ETIMEDOUT' });
    expect(network.clock.now()).toBe(1_000);
  });

  test('an address that nobody has: unreachable after 3 s, or timeout before', async () => {
    const network = new MemoryNetwork();
    expect(await failure(network, 'http://192.168.1.77/')).toMatchObject({
      code: 'unreachable',
      cause: 'EHOSTUNREACH',
    });
    expect(network.clock.now()).toBe(3_002);
    expect(await failure(network, 'http://192.168.1.77/', { deadlineMs: 500 })).toMatchObject({ code: 'timeout' });
    expect(network.clock.now()).toBe(3_502);
  });

  test.each(['http://192.168.2.1/', 'http://8.8.8.8/', 'http://[fd78::1]/'])('%s: unreachable', async (url) => {
    expect(await failure(new MemoryNetwork(), url)).toMatchObject({ code: 'unreachable', cause: 'ENETUNREACH' });
  });

  test('a name: unreachable; an invalid URL: failed', async () => {
    const network = new MemoryNetwork();
    expect(await failure(network, 'http://router.lan/')).toMatchObject({ code: 'unreachable', cause: 'ENOTFOUND' });
    expect(await failure(network, 'https://192.168.1.1/')).toMatchObject({ code: 'failed', cause: 'ERR_INVALID_URL' });
  });

  test('an answer that comes too late: timeout', async () => {
    const network = new MemoryNetwork();
    network.attach(webHost('192.168.1.9', respond('', 5_000)));
    expect(await failure(network, 'http://192.168.1.9/')).toMatchObject({ code: 'timeout' });
    expect(network.clock.now()).toBe(5_000);
  });

  test('a deadline before the request arrives: the host never sees it', async () => {
    await using router = simulateGateway({ latencyMs: 100 });
    const error = await failure(router.network, router.descriptionUrl, { deadlineMs: 99 });
    expect(error.code).toBe('timeout');
    expect(router.exchanges()).toEqual([]);
  });

  test('an answer that is too large: too-large; one that just fits is none', async () => {
    const network = new MemoryNetwork();
    network.attach(webHost('192.168.1.9', respond('12345')));
    expect(await failure(network, 'http://192.168.1.9/', { maxBodyBytes: 4 })).toMatchObject({ code: 'too-large' });
    const fitting = await network.transport().http.request(get('http://192.168.1.9/'), { ...OPTIONS, maxBodyBytes: 5 });
    expect(fitting.isOk()).toBe(true);
  });

  test('a signal that has fired: aborted, and nothing is sent', async () => {
    await using router = simulateGateway();
    const error = await failure(router.network, router.descriptionUrl, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ code: 'aborted' });
    expect(router.exchanges()).toEqual([]);
  });

  test('a signal that fires meanwhile: aborted at once', async () => {
    const network = new MemoryNetwork();
    network.attach(deadHost('192.168.1.50'));
    const controller = new AbortController();
    const pending = failure(network, 'http://192.168.1.50/', { signal: controller.signal });
    await network.clock.sleep(300);
    controller.abort();
    expect(await pending).toMatchObject({ code: 'aborted' });
    expect(network.clock.now()).toBe(300);
    expect(network.clock.pending).toBe(0);
  });

  test('the address to connect from is the caller that the host sees', async () => {
    await using router = simulateGateway();
    const request = get('http://[fd77::1]:5000/description.xml');
    const ok = await router.transport.http.request(request, { ...OPTIONS, localAddress: 'FE80::2' });
    expect(ok._unsafeUnwrap().localAddress).toBe('fe80::2');
    for (const localAddress of ['192.168.1.2', '192.168.1.3', 'nonsense']) {
      const error = await router.transport.http.request(request, { ...OPTIONS, localAddress });
      expect(error._unsafeUnwrapErr()).toMatchObject({ code: 'no-such-interface', cause: 'EADDRNOTAVAIL' });
    }
  });

  test('a failure of the host’s own making', async () => {
    const network = new MemoryNetwork();
    network.attach(webHost('192.168.1.9', { kind: 'failure', code: 'reset', cause: 'ECONNRESET', delayMs: 10 }));
    expect(await failure(network, 'http://192.168.1.9/')).toMatchObject({ code: 'reset', cause: 'ECONNRESET' });
    expect(network.clock.now()).toBe(12);
  });

  test('a machine without IPv6 has no way to IPv6', async () => {
    await using router = simulateGateway({ client: { address6: null } });
    const result = await router.transport.http.request(get('http://[fd77::1]:5000/'), OPTIONS);
    expect(result._unsafeUnwrapErr()).toMatchObject({ code: 'failed', cause: 'EADDRNOTAVAIL' });
  });
});

describe('hosts', () => {
  test('come and go, and give way to one another', async () => {
    const network = new MemoryNetwork();
    const body = async (): Promise<string> => {
      const result = await network.transport().http.request(get('http://192.168.1.9/'), OPTIONS);
      return result.match(
        (response) => text(response.body),
        (error) => error.code,
      );
    };
    const detachFirst = network.attach(webHost('192.168.1.9', respond('first')));
    expect(await body()).toBe('first');
    const detachSecond = network.attach(webHost('192.168.1.9', respond('second')));
    expect(await body()).toBe('second');
    detachFirst();
    expect(await body()).toBe('second');
    detachSecond();
    expect(await body()).toBe('unreachable');
  });

  test('two gateways on one network keep their own tables', async () => {
    const network = new MemoryNetwork();
    await using one = simulateGateway({ network });
    await using two = simulateGateway({
      network,
      lanAddress: '192.168.1.254',
      lanAddress6: 'fd77::fe',
      linkLocalAddress: 'fe80::fe',
    });
    for (const router of [one, two]) {
      expect((await one.transport.http.request(get(router.descriptionUrl), OPTIONS)).isOk()).toBe(true);
    }
    expect([one.exchanges().length, two.exchanges().length]).toEqual([1, 1]);
    expect((await one.transport.interfaces.defaultRouters?.())?._unsafeUnwrap()[0]?.address).toBe('192.168.1.1');
  });
});

describe('interfaces', () => {
  test('are those of the client', async () => {
    const vpn = { name: 'tun0', family: 'ipv4', address: '10.8.0.2', prefixLength: 24, internal: false } as const;
    const { interfaces } = new MemoryNetwork({ prefixLength: 16 }).transport({ otherInterfaces: [vpn] });
    expect((await interfaces.list())._unsafeUnwrap()).toEqual([
      { name: 'lo', family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: true },
      { name: 'lan0', family: 'ipv4', address: '192.168.1.2', prefixLength: 16, internal: false },
      { name: 'lan0', family: 'ipv6', address: 'fd77::2', prefixLength: 64, internal: false },
      { name: 'lan0', family: 'ipv6', address: 'fe80::2', prefixLength: 64, internal: false, zone: 'lan0' },
      vpn,
    ]);
    expect((await interfaces.defaultRouters?.())?._unsafeUnwrap()).toEqual([]);
  });

  test('without IPv6', async () => {
    const { interfaces } = new MemoryNetwork().transport({ address6: null });
    const families = (await interfaces.list())._unsafeUnwrap().map(({ family }) => family);
    expect(families).toEqual(['ipv4', 'ipv4']);
  });
});

test('undefined options are as good as none', () => {
  const clock = new VirtualClock();
  const network = new MemoryNetwork({ clock, latencyMs: undefined, random: undefined });
  expect(network.clock).toBe(clock);
  expect(network.latencyMs).toBe(1);
  const router = simulateGateway({ network, lanAddress: undefined, client: { address: undefined } });
  expect(router.config.lanAddress).toBe('192.168.1.1');
});
