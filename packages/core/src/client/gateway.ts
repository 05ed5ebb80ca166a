import { assertArguments, nullable, OBJECT, TEXT, A_TRANSPORT } from '../arguments.ts';
import type { DeviceDescription } from '../description/device-description.ts';
import { layer3Forwarding, type Layer3Forwarding } from '../igd/layer3-forwarding.ts';
import { wanCommonInterfaceConfig, type WanCommonInterfaceConfig } from '../igd/wan-common-interface-config.ts';
import { wanIpConnection, type WanIpConnection } from '../igd/wan-ip-connection.ts';
import { wanIpv6FirewallControl, type WanIpv6FirewallControl } from '../igd/wan-ipv6-firewall-control.ts';
import { wanPppConnection, type WanPppConnection } from '../igd/wan-ppp-connection.ts';
import type { ServiceDeclaration } from '../igd/declaration.ts';
import type { ServiceAddress } from '../igd/call.ts';
import type { Transport } from '../ports.ts';
import { createQueue, type Queue } from './queue.ts';
import { SERVICES, type GatewayServices } from './select-services.ts';
import { createServiceClient, type ConnectionMemory, type ServiceClient } from './service-client.ts';

/**
 * A gateway, bound to one of its connection services: what the use cases take as their first argument. Its calls go
 * through one queue.
 */
export interface Gateway {
  readonly transport: Transport;
  readonly description: DeviceDescription;
  readonly services: GatewayServices;
  /** The connection service. A WANPPPConnection has the same actions, and is called as what it is. */
  readonly connection: ServiceClient<WanIpConnection>;
  /** The same service with its PPP actions, where it is a WANPPPConnection. */
  readonly pppConnection: ServiceClient<WanPppConnection> | null;
  readonly commonInterface: ServiceClient<WanCommonInterfaceConfig> | null;
  readonly firewall: ServiceClient<WanIpv6FirewallControl> | null;
  readonly forwarding: ServiceClient<Layer3Forwarding> | null;
  /**
   * The address of this host that the last exchange left from, which is the one that the gateway sees; null until one has
   * told. This host may have lost it since.
   */
  readonly localAddress: string | null;
  /** What goes to it beside the calls of its services waits for its turn here: cheap routers break on two at once. */
  readonly queue: Queue;
}

/**
 * Binds to one connection service of a description. Nothing is sent.
 *
 * @param queue - through which requests have gone to it; default: a new one
 *
 * @throws PortwrightException (`invalid-argument`) for arguments that are none
 */
export function createGateway(
  transport: Transport,
  description: DeviceDescription,
  services: GatewayServices,
  localAddress: string | null,
  queue: Queue = createQueue(),
): Gateway {
  assertArguments(
    ['transport', transport, A_TRANSPORT],
    ['description', description, OBJECT],
    ['services', services, SERVICES],
    ['localAddress', localAddress, nullable(TEXT)],
  );
  const memory: ConnectionMemory = { localAddress };
  const client = <S extends ServiceDeclaration>(service: S, address: ServiceAddress): ServiceClient<S> =>
    createServiceClient(transport, service, address, queue, memory);
  const optional = <S extends ServiceDeclaration>(
    service: S,
    address: ServiceAddress | null,
  ): ServiceClient<S> | null => (address === null ? null : client(service, address));
  const isPpp = services.connectionName === 'WANPPPConnection';
  return {
    transport,
    description,
    services,
    connection: client(wanIpConnection, services.connection),
    pppConnection: optional(wanPppConnection, isPpp ? services.connection : null),
    commonInterface: optional(wanCommonInterfaceConfig, services.commonInterface),
    firewall: optional(wanIpv6FirewallControl, services.firewall),
    forwarding: optional(layer3Forwarding, services.forwarding),
    get localAddress() {
      return memory.localAddress;
    },
    queue,
  };
}
