/** Which services of a description make a gateway, and which of several is to be tried first. Pure. */
import { assertArguments, OBJECT, oneOf, options, TEXT, type Check } from '../arguments.ts';
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

export const SERVICES: Check = options({
  connection: OBJECT,
  connectionName: oneOf('WANIPConnection', 'WANPPPConnection'),
});

export interface ServiceSelection {
  /** To be tried in this order: WANIPConnection before WANPPPConnection, each in the order of the description. */
  readonly usable: readonly GatewayServices[];
  readonly rejected: readonly RejectedCandidate[];
}

/** An Askey has three; each one more that a hostile description lists costs two requests. */
const MAX_CONNECTIONS = 8;

const DESCRIPTION: Check = options({ device: OBJECT, location: TEXT });

interface Placed extends LocatedService {
  /** The part of its type before the version. */
  readonly name: string;
}

/**
 * Goes by service types alone. Any version, any domain (Huawei's urn:dslforum-org), any place in the tree: ids and
 * device types are wrong too often (a Funbox calls its WANPPPConnection "WANIPConn1").
 *
 * @throws PortwrightException (`invalid-argument`) for what is no description
 */
export function selectServices(description: DeviceDescription): ServiceSelection {
  assertArguments(['description', description, DESCRIPTION]);
  const { device, location } = description;
  const placed = servicesOf(device).map((located) => ({
    ...located,
    name: parseUpnpType(located.service.serviceType)?.name ?? '',
  }));
  const connections = [...named(placed, 'WANIPConnection'), ...named(placed, 'WANPPPConnection')];
  const usable: GatewayServices[] = [];
  const rejected: RejectedCandidate[] = [];
  const turnDown = (code: RejectedCandidate['code'], reason: string): void => {
    rejected.push({ code, location, name: device.friendlyName, reason });
  };
  for (const connection of connections.slice(0, MAX_CONNECTIONS)) {
    const { name, service } = connection;
    const address = callable(service, location);
    if (typeof address === 'string') {
      turnDown('bad-service', `${name}: ${address}`);
      continue;
    }
    const near = (other: string): ServiceAddress | null => nearest(named(placed, other), connection, location);
    usable.push({
      connection: address,
      connectionName: name as GatewayServices['connectionName'],
      connectionService: service,
      commonInterface: near('WANCommonInterfaceConfig'),
      firewall: near('WANIPv6FirewallControl'),
      forwarding: near('Layer3Forwarding'),
    });
  }
  if (connections.length === 0) {
    const type = parseUpnpType(device.deviceType ?? '');
    const isGateway = type?.name === 'InternetGatewayDevice';
    const what = type === null ? 'it' : `${type.name}:${type.version}`;
    if (isGateway) turnDown('bad-service', `${what} has no WANIPConnection and no WANPPPConnection`);
    else turnDown('not-a-gateway', `${what} is not a router: it has no WANIPConnection and no WANPPPConnection`);
  }
  return { usable, rejected };
}

function named(placed: readonly Placed[], name: string): readonly Placed[] {
  return placed.filter((one) => one.name === name);
}

/** The address of a service, or the reason why it can't be called. */
function callable({ controlUrl, serviceType }: Service, location: string): ServiceAddress | string {
  if (controlUrl === null) return 'the description has no control URL';
  const checked = checkServiceUrl(controlUrl, location);
  return checked.isOk() ? { serviceType, controlUrl: checked.value } : checked.error.message;
}

/** Of several services of a name (a MikroTik has two WANDevices), the one that shares most of the path with another. */
function nearest(services: readonly Placed[], to: Placed, location: string): ServiceAddress | null {
  const shared = ({ path }: Placed): number => path.filter((device) => to.path.includes(device)).length;
  const ranked = services.toSorted((one, other) => shared(other) - shared(one));
  const addresses = ranked.map(({ service }) => callable(service, location));
  return addresses.find((address) => typeof address !== 'string') ?? null;
}
