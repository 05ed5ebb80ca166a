import 'reflect-metadata';
import {
  CLOCK_PORT,
  type ClockPort,
  DATAGRAM_PORT,
  HTTP_PORT,
  type HttpPort,
  INTERFACES_PORT,
  RANDOM_PORT,
  TRANSPORT,
  type Transport,
} from '@portwright/core';
import { EVENTS_PORT } from '@portwright/core/tokens';
import { errAsync } from '@portwright/core/result';
import { container as globalContainer } from 'tsyringe';
import { expect, test } from 'vitest';
import { VirtualClock } from './clock/virtual-clock.ts';
import { registerMockTransport } from './tsyringe.ts';

test('registers the six ports and the transport, in the container that it is given alone', () => {
  const container = globalContainer.createChildContainer();
  const router = registerMockTransport(container, { externalAddress: '5.5.5.9' });
  expect(router.config.externalAddress).toBe('5.5.5.9');
  expect(container.resolve<Transport>(TRANSPORT)).toEqual(router.transport);
  expect(container.resolve<ClockPort>(CLOCK_PORT)).toBe(router.clock);
  for (const token of [HTTP_PORT, DATAGRAM_PORT, INTERFACES_PORT, CLOCK_PORT, RANDOM_PORT, EVENTS_PORT, TRANSPORT]) {
    expect(globalContainer.isRegistered(token, true)).toBe(false);
  }
});

test('a child container with a port of its own has a transport with that port', () => {
  const container = globalContainer.createChildContainer();
  const router = registerMockTransport(container);
  const child = container.createChildContainer();
  const broken: HttpPort = { request: () => errAsync({ kind: 'transport', code: 'failed', message: 'broken' }) };
  child.register<HttpPort>(HTTP_PORT, { useValue: broken });
  const transport = child.resolve<Transport>(TRANSPORT);
  expect(transport.http).toBe(broken);
  expect(transport.datagram).toBe(router.transport.datagram);
  expect(container.resolve<Transport>(TRANSPORT).http).toBe(router.transport.http);
});

test('the clock may be given', () => {
  const clock = new VirtualClock({ startMs: 42 });
  const container = globalContainer.createChildContainer();
  registerMockTransport(container, { clock });
  expect(container.resolve<Transport>(TRANSPORT).clock.now()).toBe(42);
});
