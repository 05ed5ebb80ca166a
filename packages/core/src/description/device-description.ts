/** The device description: what a gateway is, and where its services are (UDA 1.0, 2.1; UDA 1.1, 2.3). */
import { err, ok, type Result } from '../result.ts';
import { BYTES_OR_TEXT, checkArguments, TEXT } from '../arguments.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { malformed } from '../malformed.ts';
import { childOf, itemsOf, tagsIn, textsOf, type XmlElement } from '../xml/element.ts';
import type { Device, Service } from './device-tree.ts';
import { parseDamagedXml, type XmlStructure } from '../xml/parse-damaged.ts';
import { parseDescription } from './parse-description.ts';
import { decodeSpecVersion, type SpecVersion } from './spec-version.ts';
import { formatHttpUrl, onHost, parseHttpUrl, resolveHttpUrl, type HttpUrl } from './url.ts';

export interface DeviceDescription {
  /** Where it came from. */
  readonly location: string;
  /** The version of the architecture; some IGD:2 say 1.0 (FRITZ!Box, Livebox). */
  readonly specVersion: SpecVersion | null;
  /** The version of the descriptions (UDA 1.1), as in CONFIGID.UPNP.ORG. */
  readonly configId: string | null;
  /** URLBase as it stands; of a gateway that did not answer there, with the origin of the location. */
  readonly urlBase: string | null;
  /** What relative URLs were resolved against: URLBase where it can be believed, else the location. */
  readonly baseUrl: string;
  /** The root device. */
  readonly device: Device;
  /**
   * Why the document is not well-formed; null if it is. Of a damaged one only what is needed is read: device types, UDNs,
   * URLBase, and the types, ids and URLs of services. All else is null. Bytes after the end of the document cost nothing.
   */
  readonly damage: MalformedError | null;
}

/** What the second reading takes from a damaged description: nothing that only people look at. */
const NEEDED: XmlStructure = {
  '': ['root'],
  root: ['URLBase', 'device'],
  device: ['deviceType', 'UDN', 'serviceList', 'deviceList'],
  deviceList: ['device'],
  serviceList: ['service'],
  service: ['serviceType', 'serviceId', 'SCPDURL', 'controlURL', 'eventSubURL'],
};

/**
 * Reads a device description.
 *
 * Tolerant to all that routers do to it: any prefix and namespace, any order, several elements of one local name (the
 * first direct child counts, never one deeper), missing lists, empty elements, services without URLs. A service without
 * a serviceType can't be called, and is left out. A document that is not well-formed is read as far as `damage` says; its
 * root device must have an end tag.
 *
 * @param body - the document's bytes
 * @param location - the URL that it came from, absolute
 *
 * Errors: `xml` where it can't be read; `description` where it is not `<root>` with a `<device>`, is larger than 64 KiB,
 * or where the location is not an `http` URL.
 */
export function decodeDeviceDescription(
  body: Uint8Array | string,
  location: string,
): Result<DeviceDescription, MalformedError | InvalidArgumentError> {
  return checkArguments(['body', body, BYTES_OR_TEXT], ['location', location, TEXT])
    .andThen(() =>
      parseHttpUrl(location).mapErr(() => malformed('description', 'an absolute http URL', 'the location', location)),
    )
    .andThen((from) =>
      parseDescription(body, 'root', readDamaged).andThen((root) => toDescription(root, location, from)),
    );
}

/** A root device that is not there in whole is an error of the document, as it is without this reading. */
function readDamaged(text: string, damage: MalformedError): Result<XmlElement, MalformedError> {
  const root = parseDamagedXml(text, NEEDED);
  return root === undefined || childOf(root, 'device') === undefined ? err(damage) : ok({ ...root, damage });
}

function toDescription(root: XmlElement, location: string, from: HttpUrl): Result<DeviceDescription, MalformedError> {
  const rootDevice = childOf(root, 'device');
  if (rootDevice === undefined) return err(malformed('description', '<device>', '/root', tagsIn(root)));
  const urlBase = textsOf(root)('URLBase');
  const base = believableBase(urlBase, from);
  const device = toDevice(rootDevice, (reference) => resolveServiceUrl(reference, base, from));
  return ok({
    location,
    specVersion: decodeSpecVersion(root),
    configId: root.attributes.get('configId') ?? null,
    urlBase,
    baseUrl: formatHttpUrl(base),
    device,
    damage: root.damage ?? null,
  });
}

/**
 * URLBase, if it is a URL on the host that gave the description; else the location. Yamaha names an address of another
 * of its subnets there, Omada leaves it empty, MikroTik and Netgear use it for another port (UDA 1.1 removed it).
 */
function believableBase(urlBase: string | null, from: HttpUrl): HttpUrl {
  const base = parseHttpUrl(urlBase ?? '').unwrapOr(from);
  return onHost(base, from.host) ?? from;
}

/** A URL on the gateway's own host gets the spelling, and the zone, of the location's host. */
function resolveServiceUrl(reference: string | null, base: HttpUrl, from: HttpUrl): string | null {
  if (reference === null) return null;
  return resolveHttpUrl(reference, base)
    .map((url) => formatHttpUrl(onHost(url, from.host) ?? url))
    .unwrapOr(null);
}

type Resolve = (reference: string | null) => string | null;

function toDevice(element: XmlElement, resolve: Resolve): Device {
  const text = textsOf(element);
  return {
    deviceType: text('deviceType'),
    udn: text('UDN'),
    friendlyName: text('friendlyName'),
    manufacturer: text('manufacturer'),
    manufacturerUrl: text('manufacturerURL'),
    modelName: text('modelName'),
    modelNumber: text('modelNumber'),
    modelDescription: text('modelDescription'),
    modelUrl: text('modelURL'),
    serialNumber: text('serialNumber'),
    upc: text('UPC'),
    presentationUrl: text('presentationURL'),
    services: itemsOf(element, 'serviceList', 'service')
      .map((service) => toService(service, resolve))
      .filter(({ serviceType }) => serviceType !== ''),
    devices: itemsOf(element, 'deviceList', 'device').map((device) => toDevice(device, resolve)),
  };
}

function toService(element: XmlElement, resolve: Resolve): Service {
  const text = textsOf(element);
  return {
    serviceType: text('serviceType') ?? '',
    serviceId: text('serviceId'),
    scpdUrl: resolve(text('SCPDURL')),
    controlUrl: resolve(text('controlURL')),
    eventSubUrl: resolve(text('eventSubURL')),
  };
}
