import type { GatewayConfig } from '../gateway/gateway-options.ts';
import type { WanConnection } from '../gateway/wan-connection.ts';
import { LAYER3_FORWARDING } from '../services/layer3-forwarding.ts';
import type { ServiceDefinition } from '../services/service-definition.ts';
import { WAN_COMMON_INTERFACE_CONFIG } from '../services/wan-common-interface-config.ts';
import { WAN_IP_CONNECTION_1, WAN_IP_CONNECTION_2 } from '../services/wan-ip-connection.ts';
import { WAN_IPV6_FIREWALL_CONTROL } from '../services/wan-ipv6-firewall-control.ts';
import { WAN_PPP_CONNECTION } from '../services/wan-ppp-connection.ts';

/** A device of the description. */
export interface DeviceNode {
  readonly deviceType: string;
  /** With its `uuid:`. */
  readonly udn: string;
  readonly friendlyName: string;
  readonly services: readonly ServiceInstance[];
  readonly devices: readonly DeviceNode[];
}

/** A service where it stands: of this device, at these paths, working on this connection. */
export interface ServiceInstance {
  readonly definition: ServiceDefinition;
  /** With its version. */
  readonly serviceType: string;
  readonly serviceId: string;
  readonly scpdPath: string;
  readonly controlPath: string;
  readonly eventPath: string;
  readonly device: Pick<DeviceNode, 'deviceType' | 'udn'>;
  /** What a connection service controls; null for the others. */
  readonly connection: WanConnection | null;
}

const DEVICE = 'urn:schemas-upnp-org:device';
const SERVICE_ID = 'urn:upnp-org:serviceId';

/** InternetGatewayDevice, 2.2: the root, its WANDevice, and in it a WANConnectionDevice. */
export function buildDeviceTree(config: GatewayConfig, connection: WanConnection): DeviceNode {
  const version = config.igdVersion;
  const wanConnectionDevice = device(
    config,
    2,
    `${DEVICE}:WANConnectionDevice:${version}`,
    'WAN connection',
    (self) => [
      ...(config.connectionService === 'ppp'
        ? []
        : [service(self, version === 2 ? WAN_IP_CONNECTION_2 : WAN_IP_CONNECTION_1, 'WANIPConn1', connection)]),
      ...(config.connectionService === 'ip' ? [] : [service(self, WAN_PPP_CONNECTION, 'WANPPPConn1', connection)]),
      ...(config.hasIPv6Firewall ? [service(self, WAN_IPV6_FIREWALL_CONTROL, 'WANIPv6Firewall1')] : []),
    ],
  );
  const wanDevice = device(
    config,
    1,
    `${DEVICE}:WANDevice:${version}`,
    'WAN',
    (self) => [service(self, WAN_COMMON_INTERFACE_CONFIG, 'WANCommonIFC1')],
    [wanConnectionDevice],
  );
  return device(
    config,
    0,
    `${DEVICE}:InternetGatewayDevice:${version}`,
    config.friendlyName,
    (self) => [service(self, LAYER3_FORWARDING, 'L3Forwarding1')],
    [wanDevice],
  );
}

export function servicesOf(device: DeviceNode): readonly ServiceInstance[] {
  return [...device.services, ...device.devices.flatMap(servicesOf)];
}

type Self = Pick<DeviceNode, 'deviceType' | 'udn'>;

function device(
  config: GatewayConfig,
  index: number,
  deviceType: string,
  friendlyName: string,
  services: (self: Self) => readonly ServiceInstance[],
  devices: readonly DeviceNode[] = [],
): DeviceNode {
  const self = { deviceType, udn: `uuid:${countOn(config.uuid, index)}` };
  return { ...self, friendlyName, services: services(self), devices };
}

function service(
  device: Self,
  definition: ServiceDefinition,
  id: string,
  connection: WanConnection | null = null,
): ServiceInstance {
  return {
    definition,
    serviceType: `${definition.type}:${definition.version}`,
    serviceId: `${SERVICE_ID}:${id}`,
    scpdPath: `/scpd/${id}.xml`,
    controlPath: `/control/${id}`,
    eventPath: `/event/${id}`,
    device,
    connection,
  };
}

/** A UUID whose last 48 bits are greater by `step`; what isn't a UUID (some routers' UDNs are none) gets a suffix. */
function countOn(uuid: string, step: number): string {
  const tail = uuid.slice(-12);
  if (!/^[\da-f]{12}$/i.test(tail)) return step === 0 ? uuid : `${uuid}-${step}`;
  const next = (parseInt(tail, 16) + step) % 2 ** 48;
  return uuid.slice(0, -12) + next.toString(16).padStart(12, '0');
}
