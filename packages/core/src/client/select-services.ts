/** Which services of a description make a gateway, and which of several is to be tried first. Pure. */
import { checkServiceUrl } from '../description/location-policy.ts';
import type { DeviceDescription } from '../description/device-description.ts';
import { servicesOf, type LocatedService, type Service } from '../description/device-tree.ts';
import { parseUpnpType } from '../description/upnp-type.ts';
import type { RejectedCandidate } from '../errors.ts';
import type { ServiceAddress } from '../igd/call.ts';

/** A connection service that can be called, with the services that belong to the same connection. */
export interface GatewayServices {
  readonly connection: ServiceAddress;
  /** WANIPConnection or WANPPPConnection. */
  readonly connectionName: 'WANIPConnection' | 'WANPPPConnection';
  /** The connection service as the description has it. */
  readonly connectionService: Service;
  readonly commonInterface: ServiceAddress | null;
  readonly firewall: ServiceAddress | null;
  readonly forwarding: ServiceAddress | null;
}

export interface ServiceSelection {
  /** To be tried in this order: WANIPConnection before WANPPPConnection, each in the order of the description. */
  readonly usable: readonly GatewayServices[];
  readonly turnedDown: readonly RejectedCandidate[];
}

/** An Askey has three; each one more that a hostile description lists costs two requests. */
const MAX_CONNECTIONS = 8;

interface Placed extends LocatedService {
  /** The part of its type before the version. */
  readonly name: string;
}

/**
 * Goes by service types alone. Any version, any domain (Huawei's urn:dslforum-org), any place in the tree: ids and
 * device types are wrong too often (a Funbox calls its WANPPPConnection "WANIPConn1").
 */
export function selectServices(description: DeviceDescription): ServiceSelection {
  const placed = servicesOf(description.device).map((located) => ({
    ...located,
    name: parseUpnpType(located.service.serviceType)?.name ?? '',
  }));
  const connections = [...named(placed, 'WANIPConnection'), ...named(placed, 'WANPPPConnection')].slice(
    0,
    MAX_CONNECTIONS,
  );
  const name = description.device.friendlyName;
  const turnedDown: RejectedCandidate[] = [];
  const usable = connections.flatMap((connection): readonly GatewayServices[] => {
    const address = callable(connection.service, description.location);
    if (typeof address === 'string') {
      turnedDown.push({ location: description.location, name, reason: `${connection.name}: ${address}` });
      return [];
    }
    const near = (other: string): ServiceAddress | null => nearest(placed, other, connection, description.location);
    return [
      {
        connection: address,
        connectionName: connection.name as GatewayServices['connectionName'],
        connectionService: connection.service,
        commonInterface: near('WANCommonInterfaceConfig'),
        firewall: near('WANIPv6FirewallControl'),
        forwarding: near('Layer3Forwarding'),
      },
    ];
  });
  if (connections.length === 0) {
    const type = description.device.deviceType ?? 'a device without a type';
    const reason = `not a gateway: ${type} without WANIPConnection and WANPPPConnection`;
    turnedDown.push({ location: description.location, name, reason });
  }
  return { usable, turnedDown };
}

function named(placed: readonly Placed[], name: string): readonly Placed[] {
  return placed.filter((one) => one.name === name);
}

/** How to call a service, or why it can't be. */
function callable(service: Service, location: string): ServiceAddress | string {
  if (service.controlUrl === null) return 'it has no control URL';
  return checkServiceUrl(service.controlUrl, location).match<ServiceAddress | string>(
    (controlUrl) => ({ serviceType: service.serviceType, controlUrl }),
    (error) => error.message,
  );
}

/** Of several services of a name (a MikroTik has two WANDevices), the one that shares most of the path with another. */
function nearest(placed: readonly Placed[], name: string, to: Placed, location: string): ServiceAddress | null {
  const shared = (one: Placed): number => one.path.filter((device) => to.path.includes(device)).length;
  const ranked = [...named(placed, name)].sort((one, other) => shared(other) - shared(one));
  for (const { service } of ranked) {
    const address = callable(service, location);
    if (typeof address !== 'string') return address;
  }
  return null;
}
