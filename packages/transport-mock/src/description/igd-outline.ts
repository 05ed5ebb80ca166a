import type { DeviceOutline, ServiceOutline } from './outline.ts';

/** How a gateway differs from the three devices of InternetGatewayDevice, 2.2. */
export interface IgdShape {
  /** Of the devices; the services have versions of their own. */
  readonly version: 1 | 2;
  /** The services of the WANConnectionDevice. */
  readonly connections: readonly ServiceOutline[];
  /** Default: Layer3Forwarding:1. */
  readonly rootServices?: readonly ServiceOutline[] | undefined;
  /** Default: WANCommonInterfaceConfig:1. */
  readonly wanServices?: readonly ServiceOutline[] | undefined;
  /** The namespace of the types. Default: `schemas-upnp-org`. */
  readonly namespace?: string | undefined;
  /** Templates of the UDNs, from the root inwards. Default: `uuid:{uuid}` each. */
  readonly udns?: readonly [root: string, wan: string, connection: string] | undefined;
  readonly rootTexts?: DeviceOutline['texts'];
  readonly innerTexts?: DeviceOutline['texts'];
  readonly foreign?: string | undefined;
  /** Devices beside the WANDevice. */
  readonly otherDevices?: readonly DeviceOutline[] | undefined;
}

export const LAYER3_FORWARDING_OUTLINE: ServiceOutline = { type: 'Layer3Forwarding:1', id: 'L3Forwarding1' };
export const WAN_COMMON_OUTLINE: ServiceOutline = { type: 'WANCommonInterfaceConfig:1', id: 'WANCommonIFC1' };

/** The root, its WANDevice, and in it a WANConnectionDevice. */
export function igdOutline(shape: IgdShape): DeviceOutline {
  const { version, namespace, innerTexts } = shape;
  const type = (name: string): string =>
    namespace === undefined ? `${name}:${version}` : `urn:${namespace}:device:${name}:${version}`;
  return {
    type: type('InternetGatewayDevice'),
    udn: shape.udns?.[0],
    texts: shape.rootTexts,
    foreign: shape.foreign,
    services: shape.rootServices ?? [LAYER3_FORWARDING_OUTLINE],
    devices: [
      {
        type: type('WANDevice'),
        friendlyName: 'WAN',
        udn: shape.udns?.[1],
        texts: innerTexts,
        services: shape.wanServices ?? [WAN_COMMON_OUTLINE],
        devices: [
          {
            type: type('WANConnectionDevice'),
            friendlyName: 'WAN connection',
            udn: shape.udns?.[2],
            texts: innerTexts,
            services: shape.connections,
          },
        ],
      },
      ...(shape.otherDevices ?? []),
    ],
  };
}

export interface StandardGateway {
  readonly igdVersion: 1 | 2;
  readonly connectionService: 'ip' | 'ppp' | 'ip-and-ppp';
  readonly hasIPv6Firewall: boolean;
}

/** What the specification asks for, with the services that were chosen. */
export function standardOutline({ igdVersion, connectionService, hasIPv6Firewall }: StandardGateway): DeviceOutline {
  return igdOutline({
    version: igdVersion,
    connections: [
      ...(connectionService === 'ppp' ? [] : [{ type: `WANIPConnection:${igdVersion}`, id: 'WANIPConn1' }]),
      ...(connectionService === 'ip' ? [] : [{ type: 'WANPPPConnection:1', id: 'WANPPPConn1' }]),
      ...(hasIPv6Firewall ? [{ type: 'WANIPv6FirewallControl:1', id: 'WANIPv6Firewall1' }] : []),
    ],
  });
}
