import type {
  ClockPort,
  DatagramPort,
  EventsPort,
  HttpPort,
  InterfacesPort,
  RandomPort,
  Transport,
} from '@portwright/core';
import {
  CLOCK_PORT,
  DATAGRAM_PORT,
  EVENTS_PORT,
  HTTP_PORT,
  INTERFACES_PORT,
  RANDOM_PORT,
  TRANSPORT,
} from '@portwright/core/tokens';
import type { DependencyContainer } from 'tsyringe';
import type { VirtualClock } from './clock/virtual-clock.ts';
import { type SimulatedGateway, type SimulateGatewayOptions, simulateGateway } from './simulate-gateway.ts';

/**
 * Registers a simulated gateway's ports under the core's tokens, in this container and no other. TRANSPORT is assembled
 * from the six by the container that is asked for it, so that a child container that has one of them of its own (a
 * clock, a failing HTTP port) gets a transport with that one.
 *
 * @returns the gateway, for a look at its mappings and for its clock.
 */
export function registerMockTransport<Clock extends ClockPort = VirtualClock>(
  container: DependencyContainer,
  options: SimulateGatewayOptions<Clock> = {},
): SimulatedGateway<Clock> {
  const router = simulateGateway(options);
  const { http, datagram, interfaces, clock, random, events } = router.transport;
  container.register<HttpPort>(HTTP_PORT, { useFactory: () => http });
  container.register<DatagramPort>(DATAGRAM_PORT, { useFactory: () => datagram });
  container.register<InterfacesPort>(INTERFACES_PORT, { useFactory: () => interfaces });
  container.register<ClockPort>(CLOCK_PORT, { useFactory: () => clock });
  container.register<RandomPort>(RANDOM_PORT, { useFactory: () => random });
  container.register<EventsPort | undefined>(EVENTS_PORT, { useFactory: () => events });
  container.register<Transport>(TRANSPORT, {
    useFactory: (asked) => ({
      http: asked.resolve<HttpPort>(HTTP_PORT),
      datagram: asked.resolve<DatagramPort>(DATAGRAM_PORT),
      interfaces: asked.resolve<InterfacesPort>(INTERFACES_PORT),
      clock: asked.resolve<ClockPort>(CLOCK_PORT),
      random: asked.resolve<RandomPort>(RANDOM_PORT),
      events: asked.resolve<EventsPort | undefined>(EVENTS_PORT),
    }),
  });
  return router;
}
