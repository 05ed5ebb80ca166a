import type { Action, DeviceNode, ServiceInstance } from '../gateway/model.ts';
import type { GatewayConfig } from '../gateway/gateway-options.ts';
import type { WanConnection } from '../gateway/wan-connection.ts';
import { done } from '../gateway/action.ts';
import { isConnectionService, serviceOfKind } from '../services/catalogue.ts';
import { descriptionPath, expandUrl } from './description-url.ts';
import type { DeviceOutline, ServiceOutline } from './outline.ts';
import { pathOf } from './url-template.ts';

/** The tree that the configuration's outline describes. Services name their connection by its number. */
export function buildDeviceTree(config: GatewayConfig, connections: readonly WanConnection[]): DeviceNode {
  const count = { devices: 0 };
  const build = (outline: DeviceOutline): DeviceNode => {
    const uuid = countOn(config.uuid, count.devices);
    const isRoot = count.devices === 0;
    count.devices += 1;
    const udn = (outline.udn ?? 'uuid:{uuid}').replaceAll('{uuid}', uuid).replaceAll('{root}', config.uuid);
    const deviceType = longName('device', outline.type);
    return {
      deviceType,
      udn,
      friendlyName: outline.friendlyName ?? (isRoot ? config.friendlyName : outline.type.split(':').at(-2)) ?? '',
      texts: outline.texts ?? {},
      foreign: outline.foreign ?? '',
      services: outline.services.map((service) => buildService(config, service, { deviceType, udn }, connections)),
      devices: (outline.devices ?? []).map(build),
    };
  };
  return build(config.description.outline);
}

export function servicesOf(device: DeviceNode): readonly ServiceInstance[] {
  return [...device.services, ...device.devices.flatMap(servicesOf)];
}

function buildService(
  config: GatewayConfig,
  outline: ServiceOutline,
  device: ServiceInstance['device'],
  connections: readonly WanConnection[],
): ServiceInstance {
  const { description } = config;
  const kind = outline.is ?? outline.type;
  const values = { id: outline.id, type: outline.type };
  const base = descriptionPath(config);
  const scpdUrl = expandUrl(outline.scpdUrl ?? description.scpdUrl, config, values);
  const controlUrl = expandUrl(outline.controlUrl ?? description.controlUrl, config, values);
  const eventUrl = expandUrl(outline.eventUrl ?? description.eventUrl, config, values);
  const number = outline.connection ?? 0;
  const wan = connections[number];
  if (wan === undefined)
    throw new RangeError(
      `${outline.id} refers to connection ${number} (counted from 0), but only ${connections.length} exist`,
    );
  return {
    definition: serviceOfKind(kind, outline.vendorActions?.map(vendorAction)),
    serviceType: longName('service', outline.type),
    serviceId: longName('serviceId', outline.id),
    scpdUrl,
    controlUrl,
    eventUrl,
    scpdPath: pathOf(scpdUrl, base),
    controlPath: pathOf(controlUrl, base),
    eventPath: pathOf(eventUrl, base),
    device,
    connection: isConnectionService(kind) ? wan : null,
    wan,
  };
}

function vendorAction(name: string): Action {
  return { name, inputs: [], outputs: [], isOptional: true, since: 1, handle: done };
}

/** UDA 1.0, 2.1: types are in the domain schemas-upnp-org, service ids in upnp-org; what is a URN already stays. */
function longName(kind: 'device' | 'service' | 'serviceId', name: string): string {
  if (name.startsWith('urn:')) return name;
  return kind === 'serviceId' ? `urn:upnp-org:serviceId:${name}` : `urn:schemas-upnp-org:${kind}:${name}`;
}

/** A UUID whose last 48 bits are greater by `step`; what isn't a UUID (some routers' UDNs are none) gets a suffix. */
function countOn(uuid: string, step: number): string {
  const tail = uuid.slice(-12);
  if (!/^[\da-f]{12}$/i.test(tail)) return step === 0 ? uuid : `${uuid}-${step}`;
  const next = (parseInt(tail, 16) + step) % 2 ** 48;
  return uuid.slice(0, -12) + next.toString(16).padStart(12, '0');
}
