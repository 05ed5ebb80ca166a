/** The device description: what a gateway is, and where its services are (UDA 1.0, 2.1; UDA 1.1, 2.3). */
import { err, ok, type Result } from '../result.ts';
import { BYTES_OR_TEXT, checkArguments, TEXT } from '../arguments.ts';
import type { InvalidArgumentError, MalformedError } from '../errors.ts';
import { malformed } from '../malformed.ts';
import { childOf, itemsOf, tagsIn, textsOf, type XmlElement } from '../xml/element.ts';
import { devicesOf, servicesOf, type Device, type Service } from './device-tree.ts';
import { parseDamagedXml, type XmlStructure } from '../xml/parse-damaged.ts';
import { MAX_DESCRIPTION_BYTES, parseDescription } from './parse-description.ts';
import { decodeSpecVersion, type SpecVersion } from './spec-version.ts';
import { formatHttpUrl, hostIn, onHost, parseHttpUrl, resolveHttpUrl, sameUrlHost, type HttpUrl } from './url.ts';

export interface DeviceDescription {
  /** Where it came from. */
  readonly location: string;
  /** The same URL as the device named it, on a host at which it was not asked. URLs on that host lead to the location's. */
  readonly named?: string | undefined;
  /** The version of the architecture; some IGD:2 say 1.0 (FRITZ!Box, Livebox). */
  readonly specVersion: SpecVersion | null;
  /** The version of the descriptions (UDA 1.1), as in CONFIGID.UPNP.ORG. */
  readonly configId: string | null;
  /** URLBase as it stands. */
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
 * @param named - the same URL as the device named it. Routers that name `[::1]` or their own name there do so in their
 * control URLs, too. Default: the location
 *
 * Errors: `xml` where it can't be read; `description` where it is not `<root>` with a `<device>`, is larger than 64 KiB,
 * has more than 64 devices or 256 services or 64 KiB of service URLs, or where the location is not an `http` URL.
 */
export function decodeDeviceDescription(
  body: Uint8Array | string,
  location: string,
  named: string = location,
): Result<DeviceDescription, MalformedError | InvalidArgumentError> {
  return checkArguments(['body', body, BYTES_OR_TEXT], ['location', location, TEXT], ['named', named, TEXT])
    .andThen(() =>
      parseHttpUrl(location).mapErr(() => malformed('description', 'an absolute http URL', 'the location', location)),
    )
    .andThen((from) =>
      parseDescription(body, 'root', readDamaged).andThen((root) => toDescription(root, location, from, named)),
    );
}

/** A root device that is not there in whole is an error of the document, as it is without this reading. */
function readDamaged(text: string, damage: MalformedError): Result<XmlElement, MalformedError> {
  const root = parseDamagedXml(text, NEEDED);
  return root === undefined || childOf(root, 'device') === undefined ? err(damage) : ok({ ...root, damage });
}

function toDescription(
  root: XmlElement,
  location: string,
  from: HttpUrl,
  named: string,
): Result<DeviceDescription, MalformedError> {
  const rootDevice = childOf(root, 'device');
  if (rootDevice === undefined) return err(malformed('description', '<device>', '/root', tagsIn(root)));
  const urlBase = textsOf(root)('URLBase');
  const alias = hostIn(named);
  /** A URL on the device's own host, with the spelling and the zone of the location's host; null if it is on another. */
  const onOwnHost = (url: HttpUrl): HttpUrl | null =>
    onHost(url, from.host) ?? (onHost(url, alias) && { ...url, host: from.host });
  // Yamaha names an address of another of its subnets there, Omada leaves it empty, MikroTik and Netgear use it for
  // another port (UDA 1.1 removed it).
  const base = onOwnHost(parseHttpUrl(urlBase ?? '').unwrapOr(from)) ?? from;
  const device = toDevice(rootDevice, (reference) =>
    resolveHttpUrl(reference ?? '', base)
      .map((url) => (reference === null ? null : formatHttpUrl(onOwnHost(url) ?? url)))
      .unwrapOr(null),
  );
  const excess = excessOf(device);
  if (excess !== null) return err(excess);
  return ok({
    location,
    ...(sameUrlHost(alias, from.host) ? {} : { named }),
    specVersion: decodeSpecVersion(root),
    configId: root.attributes.get('configId') ?? null,
    urlBase,
    baseUrl: formatHttpUrl(base),
    device,
    damage: root.damage ?? null,
  });
}

/** What is kept of a document is no larger than the document. Surveyed routers have about 3 devices and 8 services. */
function excessOf(device: Device): MalformedError | null {
  const services = servicesOf(device).map(({ service }) => service);
  const urls = services.flatMap(({ scpdUrl, controlUrl, eventSubUrl }) => [scpdUrl, controlUrl, eventSubUrl]);
  const found: readonly (readonly [count: number, most: number, what: string])[] = [
    [devicesOf(device).length, 64, 'devices'],
    [services.length, 256, 'services'],
    [urls.join('').length, MAX_DESCRIPTION_BYTES.root, 'characters of URLs'],
  ];
  const over = found.find(([count, most]) => count > most);
  if (over === undefined) return null;
  const [count, most, what] = over;
  return malformed('description', `at most ${most} ${what}`, 'the document', `${count}`);
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
