/** Values as texts for people. */
import type { AddressClass, Device, PortMapping } from '@portwright/core';
import { gatewayOf, type ConnectionState, type FoundGateway, type Gateway, type Pinhole } from '@portwright/core/upnp';
import { parseUpnpType, printable } from '@portwright/core';
import type { GatewayState, Lease, PortMapper, Via } from '@portwright/core/mapping';

const UNITS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** `1 packet`, `2 packets`. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `1 hour 30 minutes`: the two largest units. */
export function duration(seconds: number): string {
  const parts: string[] = [];
  let left = seconds;
  for (const [size, unit] of UNITS) {
    const times = Math.floor(left / size);
    left -= times * size;
    if (times > 0) parts.push(count(times, unit));
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(' ') || '0 seconds';
}

/** The lease of a mapping. */
export function lease({ leaseSeconds }: PortMapping): string {
  if (leaseSeconds === null) return 'unknown';
  return leaseSeconds === 0 ? 'permanent' : duration(leaseSeconds);
}

/** ` for 1 hour`, ` permanently`; empty if the lease is unknown. */
export function term(mapping: PortMapping): string {
  if (mapping.leaseSeconds === null) return '';
  return mapping.leaseSeconds === 0 ? ' permanently' : ` for ${lease(mapping)}`;
}

/** Tenths below ten: `9.3 ms`, `71 ms`, `2.0 s`. */
export function elapsed(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

/** `WANIPConnection:2`. A type that is not the UPnP Forum's stays in full. */
export function shortType(type: string): string {
  const parsed = parseUpnpType(type);
  return parsed?.domain === 'schemas-upnp-org' ? `${parsed.name}:${parsed.version}` : printable(type);
}

export function nameOf({ friendlyName }: Device): string {
  return printable(friendlyName ?? '') || 'unnamed device';
}

/** Manufacturer and model, without repeated words; null if the device reports neither. */
export function makeOf({ manufacturer, modelName, modelNumber }: Device): string | null {
  const parts = [manufacturer, modelName, modelNumber]
    .map((part) => printable(part ?? ''))
    .filter((part) => part !== '');
  const isSaid = (part: string, index: number): boolean =>
    parts.some((other, at) => {
      const [one, two] = [part.toLowerCase(), other.toLowerCase()];
      return at !== index && two.includes(one) && (one !== two || at < index);
    });
  return parts.filter((part, index) => !isSaid(part, index)).join(' ') || null;
}

/** `TCP 5.5.5.1:7777 -> 192.168.1.2:8080`. */
export function route(mapping: PortMapping, externalAddress: string | null): string {
  const { protocol, externalPort, internalClient, internalPort } = mapping;
  const outside = externalAddress === null ? `port ${externalPort}` : `${externalAddress}:${externalPort}`;
  return `${protocol} ${outside} -> ${printable(internalClient)}:${internalPort}`;
}

/** `TCP port 8080 on fd77::2 is open for 1 hour`. */
export function pinholePhrase({
  protocol,
  internalPort,
  internalClient,
  remoteHost,
  remotePort,
  leaseSeconds,
}: Pinhole): string {
  const remote = remotePort === 0 ? remoteHost : `[${remoteHost}]:${remotePort}`;
  const from = remoteHost === '' ? '' : ` to ${printable(remote)}`;
  return `${protocol} port ${internalPort} on ${printable(internalClient)} is open${from} for ${duration(leaseSeconds)}`;
}

/** `Connected for 1 hour 30 minutes`. */
export function statusPhrase({ status, uptimeSeconds, lastError }: ConnectionState): string {
  const uptime = uptimeSeconds === null ? '' : ` for ${duration(uptimeSeconds)}`;
  const error = lastError === null || /^(ERROR_NONE)?$/i.test(lastError) ? '' : ` (${printable(lastError)})`;
  return `${printable(status ?? 'unknown')}${uptime}${error}`;
}

/** `5.5.5.1 (public)`. */
export function addressPhrase({
  externalAddress,
  externalAddressClass,
}: Pick<ConnectionState, 'externalAddress' | 'externalAddressClass'>): string {
  return externalAddress === null ? 'unknown' : `${externalAddress} (${externalAddressClass})`;
}

const PREFIXES = ['', 'k', 'M', 'G', 'T'] as const;

/** `100 Mbit/s`. */
export function bitRate(bitsPerSecond: number): string {
  return `${withPrefix(bitsPerSecond)}bit/s`;
}

/** `1.2 GB`. */
export function bytes(number: number): string {
  return `${withPrefix(number)}B`;
}

function withPrefix(value: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), PREFIXES.length - 1);
  const scaled = value / 1000 ** power;
  return `${Number(scaled.toFixed(scaled < 10 ? 1 : 0))} ${PREFIXES[power] ?? ''}`;
}

/** Warnings about the choice of the gateway. */
export function choiceWarnings({ warnings }: Pick<FoundGateway, 'warnings'>): readonly string[] {
  return warnings.map(({ message, hint }) => `${message}. ${hint}`);
}

/** What is wrong with an address that no gateway has on the Internet. */
const UNUSABLE: ReadonlyMap<AddressClass, string> = new Map([
  ['loopback', 'an address of each computer for itself'],
  ['link-local', 'an address of the local network'],
  ['multicast', 'a multicast address'],
  ['reserved', 'an address that is not used on the Internet'],
]);

/** Reasons why packets may not arrive in spite of a mapping. */
export function warningsOf({
  connected,
  status = null,
  externalAddress,
  externalAddressClass = 'invalid',
}: GatewayState & Partial<ConnectionState>): readonly string[] {
  const warnings: string[] = [];
  if (connected === false) {
    const says = status === null ? 'no connection status' : `that its connection is "${printable(status)}"`;
    warnings.push(`The router reports ${says}. Many routers report this and still work.`);
  }
  if (externalAddressClass === 'private' || externalAddressClass === 'shared') {
    const whose =
      externalAddressClass === 'private' ? 'a private address' : "an address that the provider's customers share";
    warnings.push(
      `${externalAddress ?? ''} is ${whose}: there is another router between this one and the Internet, ` +
        'which lets nothing in unless it maps the port as well.',
    );
  }
  const unusable = UNUSABLE.get(externalAddressClass);
  if (unusable !== undefined) {
    warnings.push(
      `${externalAddress ?? ''} is ${unusable}: nobody on the Internet can reach it. ` +
        "Look for the external address in the router's settings.",
    );
  }
  return warnings;
}

/** A lease in a JSON document: the mapping that it stands for. */
export function leaseJson(lease: Lease): PortMapping & { readonly via: Via } {
  const { externalPort, protocol, remoteHost, internalClient, internalPort, enabled, description, leaseSeconds, via } =
    lease;
  return { externalPort, protocol, remoteHost, internalClient, internalPort, enabled, description, leaseSeconds, via };
}

const VIA_NAMES: Readonly<Record<Via, string>> = { 'upnp-igd': 'UPnP', pcp: 'PCP', 'nat-pmp': 'NAT-PMP' };

/** `NAT-PMP` */
export function viaName(via: Via): string {
  return VIA_NAMES[via];
}

/** The router of a mapper in a JSON document. */
export function mapperJson(mapper: PortMapper): Readonly<Record<string, unknown>> {
  const { via, gateway } = mapper;
  const igd = gatewayOf(mapper);
  return { via, ...(igd === null ? { name: gateway.name, server: gateway.id } : gatewayJson(igd)) };
}

/** A gateway in a JSON document. */
export function gatewayJson({ description, services, localAddress }: Gateway): Readonly<Record<string, unknown>> {
  const { friendlyName, manufacturer, modelName, udn } = description.device;
  return {
    name: friendlyName,
    manufacturer,
    model: modelName,
    udn,
    location: description.location,
    serviceType: services.connection.serviceType,
    controlUrl: services.connection.controlUrl,
    localAddress,
  };
}
