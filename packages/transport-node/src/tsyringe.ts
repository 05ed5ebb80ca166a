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
// Types only: tsyringe at run time asks for reflect-metadata, which is the application's to import.
import type { DependencyContainer } from 'tsyringe';
// By the package's name: the bundled entry is then one file, which a program that has both entries loads once.
import {
  nodeClock,
  nodeDatagram,
  nodeEvents,
  nodeHttp,
  nodeInterfaces,
  nodeRandom,
  type NodeTransportOptions,
} from '@portwright/transport-node';

/**
 * Registers the six ports, and the transport made of them, under the core's tokens. Each is made when it is first
 * resolved, and then stays the same.
 *
 * The transport is made of the ports of the container that resolves it: a child container that registers another
 * HTTP_PORT, say, gets a transport with that one and the other five of its parent.
 */
export function registerNodeTransport(container: DependencyContainer, options: NodeTransportOptions = {}): void {
  provide(container, HTTP_PORT, () => nodeHttp(options.http));
  provide(container, DATAGRAM_PORT, nodeDatagram);
  provide(container, INTERFACES_PORT, nodeInterfaces);
  provide(container, CLOCK_PORT, nodeClock);
  provide(container, RANDOM_PORT, nodeRandom);
  provide(container, EVENTS_PORT, nodeEvents);

  const assembled = new WeakMap<DependencyContainer, Transport>();
  container.register<Transport>(TRANSPORT, {
    useFactory: (resolving) => {
      const transport = assembled.get(resolving) ?? assemble(resolving);
      assembled.set(resolving, transport);
      return transport;
    },
  });
}

function provide(container: DependencyContainer, token: symbol, make: () => object): void {
  let made: object | undefined;
  container.register(token, { useFactory: () => (made ??= make()) });
}

function assemble(container: DependencyContainer): Transport {
  return {
    http: container.resolve<HttpPort>(HTTP_PORT),
    datagram: container.resolve<DatagramPort>(DATAGRAM_PORT),
    interfaces: container.resolve<InterfacesPort>(INTERFACES_PORT),
    clock: container.resolve<ClockPort>(CLOCK_PORT),
    random: container.resolve<RandomPort>(RANDOM_PORT),
    events: container.resolve<EventsPort>(EVENTS_PORT),
  };
}
