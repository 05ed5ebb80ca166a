import 'reflect-metadata';
import type { HttpPort, Transport } from '@portwright/core';
import { CLOCK_PORT, DATAGRAM_PORT, HTTP_PORT, INTERFACES_PORT, RANDOM_PORT, TRANSPORT } from '@portwright/core';
import { errAsync } from '@portwright/core/result';
import { EVENTS_PORT } from '@portwright/core/tokens';
import { container as globalContainer } from 'tsyringe';
import { describe, expect, it } from 'vitest';
import { registerNodeTransport } from './tsyringe.ts';

const FAKE: HttpPort = {
  request: () => errAsync({ kind: 'transport', code: 'unreachable', message: 'a test' }),
};

function registered() {
  const container = globalContainer.createChildContainer();
  registerNodeTransport(container);
  return container;
}

describe('in a container', () => {
  it.each([HTTP_PORT, DATAGRAM_PORT, INTERFACES_PORT, CLOCK_PORT, RANDOM_PORT, TRANSPORT])(
    'there is one %s',
    (token) => {
      const container = registered();
      expect(container.resolve(token)).toBeTypeOf('object');
      expect(container.resolve(token)).toBe(container.resolve(token));
      expect(globalContainer.isRegistered(token)).toBe(false);
    },
  );

  it('the transport is made of the ports', () => {
    const container = registered();
    expect(container.resolve<Transport>(TRANSPORT)).toEqual({
      http: container.resolve(HTTP_PORT),
      datagram: container.resolve(DATAGRAM_PORT),
      interfaces: container.resolve(INTERFACES_PORT),
      clock: container.resolve(CLOCK_PORT),
      random: container.resolve(RANDOM_PORT),
      events: container.resolve(EVENTS_PORT),
    });
  });

  it('the options reach the ports', async () => {
    const container = globalContainer.createChildContainer();
    registerNodeTransport(container, { http: { allowHostNames: true } });
    const request = { method: 'GET', url: 'http://localhost:1/', headers: [], body: new Uint8Array(0) };
    const response = await container
      .resolve<HttpPort>(HTTP_PORT)
      .request(request, { deadlineMs: 2000, maxBodyBytes: 0 });
    expect(response._unsafeUnwrapErr().code).toBe('refused');
  });
});

describe('a child container', () => {
  it('swaps one port, and the transport with it', () => {
    const parent = registered();
    const child = parent.createChildContainer();
    child.register<HttpPort>(HTTP_PORT, { useValue: FAKE });
    const [above, below] = [parent.resolve<Transport>(TRANSPORT), child.resolve<Transport>(TRANSPORT)];
    expect(below.http).toBe(FAKE);
    expect(above.http).not.toBe(FAKE);
    expect(below.datagram).toBe(above.datagram);
    expect(below.clock).toBe(above.clock);
    expect(child.resolve(TRANSPORT)).toBe(below);
    expect(parent.resolve(TRANSPORT)).toBe(above);
  });

  it('that swaps a port takes no part in its siblings', () => {
    const parent = registered();
    const [a, b] = [parent.createChildContainer(), parent.createChildContainer()];
    a.register<HttpPort>(HTTP_PORT, { useValue: FAKE });
    expect(a.resolve<Transport>(TRANSPORT).http).toBe(FAKE);
    expect(b.resolve<Transport>(TRANSPORT).http).toBe(parent.resolve(HTTP_PORT));
  });
});
