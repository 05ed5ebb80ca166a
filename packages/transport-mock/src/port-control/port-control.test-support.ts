/** Requests to UDP port 5351 written by hand, byte by byte, and a client that sends them. */
import type { Endpoint } from '@portwright/core';
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '../simulate-gateway.ts';

export const NONCE = '0102030405060708090a0b0c';
export const OTHER_NONCE = 'f1f2f3f4f5f6f7f8f9fafbfc';
export const ROUTER = '192.168.1.1';

/** `02 01 0000` as bytes; white space is for people. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function wide(value: number, bytes: number): string {
  return value.toString(16).padStart(2 * bytes, '0');
}

const mapped = (address: string): string =>
  `00000000000000000000ffff${address
    .split('.')
    .map((part) => wide(Number(part), 1))
    .join('')}`;

/** IPv4, or IPv6 with eight groups or one `::`. */
export function address16(address: string): string {
  if (!address.includes(':')) return mapped(address);
  const [head = '', tail = ''] = address.split('::');
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const zeros = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...new Array<string>(zeros).fill('0'), ...groups(tail)]
    .map((group) => group.padStart(4, '0'))
    .join('');
}

export interface MapFields {
  readonly version?: number;
  readonly opcode?: number;
  readonly lifetime?: number;
  readonly client?: string;
  readonly nonce?: string;
  readonly protocol?: number;
  readonly internalPort?: number;
  readonly externalPort?: number;
  readonly externalAddress?: string;
  /** Hex, behind the data. */
  readonly options?: string;
}

/** A MAP of UDP 7777 for an hour, but for what is changed. */
export function pcpMap(fields: MapFields = {}): Uint8Array {
  const { version = 2, opcode = 1, lifetime = 3600, client = '192.168.1.2', nonce = NONCE, protocol = 17 } = fields;
  const { internalPort = 7777, externalPort = 7777, externalAddress = '0.0.0.0', options = '' } = fields;
  const header = wide(version, 1) + wide(opcode, 1) + '0000' + wide(lifetime, 4) + address16(client);
  const ports = wide(internalPort, 2) + wide(externalPort, 2);
  return fromHex(header + nonce + wide(protocol, 1) + '000000' + ports + address16(externalAddress) + options);
}

export function pcpAnnounce(client = '192.168.1.2', version = 2): Uint8Array {
  return fromHex(`${wide(version, 1)}00 0000 00000000 ${address16(client)}`);
}

/** An option of a request: its code and its data in hex, padded. */
export function option(code: number, data = ''): string {
  const length = data.length / 2;
  return `${wide(code, 1)}00${wide(length, 2)}${data}${'00'.repeat((4 - (length % 4)) % 4)}`;
}

export const PREFER_FAILURE = option(2);

/** FILTER (RFC 6887, 13.3). @param prefixLength - of the 128 bits */
export function filter(address: string, prefixLength = 128, port = 0): string {
  return option(3, `00${wide(prefixLength, 1)}${wide(port, 2)}${address16(address)}`);
}

export const NAT_PMP_ADDRESS: Uint8Array = fromHex('0000');

/** A mapping request of NAT-PMP: UDP 7777 for an hour, but for what is changed. */
export function natPmpMap({ opcode = 1, lifetime = 3600, internalPort = 7777, externalPort = 7777 } = {}): Uint8Array {
  return fromHex(`00${wide(opcode, 1)}0000${wide(internalPort, 2)}${wide(externalPort, 2)}${wide(lifetime, 4)}`);
}

/** What stands in the fields of a PCP response. */
export interface PcpFields {
  readonly version: number;
  readonly opcode: number;
  readonly result: number;
  readonly lifetime: number;
  readonly epoch: number;
  /** In hex. */
  readonly body: string;
  readonly nonce: string;
  readonly internalPort: number;
  readonly externalPort: number;
  /** In hex. */
  readonly externalAddress: string;
  /** In hex. */
  readonly options: string;
}

export function readPcp(bytes: Uint8Array): PcpFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isMap = bytes.length >= 60;
  return {
    version: view.getUint8(0),
    opcode: view.getUint8(1),
    result: view.getUint8(3),
    lifetime: view.getUint32(4),
    epoch: view.getUint32(8),
    body: toHex(bytes.slice(24)),
    nonce: toHex(bytes.slice(24, 36)),
    internalPort: isMap ? view.getUint16(40) : NaN,
    externalPort: isMap ? view.getUint16(42) : NaN,
    externalAddress: toHex(bytes.slice(44, 60)),
    options: toHex(bytes.slice(60)),
  };
}

export interface NatPmpFields {
  readonly opcode: number;
  readonly result: number;
  readonly epoch: number;
  readonly internalPort: number;
  readonly externalPort: number;
  readonly lifetime: number;
}

export function readNatPmp(bytes: Uint8Array): NatPmpFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isMap = bytes.length >= 16;
  return {
    opcode: view.getUint8(1),
    result: view.getUint16(2),
    epoch: view.getUint32(4),
    internalPort: isMap ? view.getUint16(8) : NaN,
    externalPort: isMap ? view.getUint16(10) : NaN,
    lifetime: isMap ? view.getUint32(12) : NaN,
  };
}

/** A router with PCP and NAT-PMP, but for the options. */
export function portControlRouter(options: SimulateGatewayOptions = {}): SimulatedGateway {
  return simulateGateway({ protocols: ['upnp', 'pcp', 'nat-pmp'], ...options });
}

export interface Heard {
  readonly payload: Uint8Array;
  readonly from: Endpoint;
  /** Milliseconds on the clock. */
  readonly at: number;
}

/** What comes back within ten seconds. */
export async function askAll(
  router: SimulatedGateway,
  payloads: readonly Uint8Array[],
  { to = router.config.lanAddress, transport = router.transport } = {},
): Promise<readonly Heard[]> {
  const socket = (await transport.datagram.open({ family: to.includes(':') ? 'ipv6' : 'ipv4' }))._unsafeUnwrap();
  const heard: Heard[] = [];
  const listening = (async () => {
    for await (const { payload, from } of socket.datagrams) heard.push({ payload, from, at: router.clock.now() });
  })();
  for (const payload of payloads) (await socket.send(payload, { address: to, port: 5351 }))._unsafeUnwrap();
  await router.clock.advance('10s');
  await socket.close();
  await listening;
  return heard;
}

/** The one answer to a request. */
export async function ask(
  router: SimulatedGateway,
  payload: Uint8Array,
  where: Parameters<typeof askAll>[2] = {},
): Promise<Uint8Array> {
  const [heard, ...others] = await askAll(router, [payload], where);
  if (heard === undefined || others.length > 0) throw new Error(`not one answer but ${heard ? 1 + others.length : 0}`);
  return heard.payload;
}

export async function askPcp(
  router: SimulatedGateway,
  fields: MapFields = {},
  where: Parameters<typeof askAll>[2] = {},
): Promise<PcpFields> {
  return readPcp(await ask(router, pcpMap(fields), where));
}

export async function askNatPmp(
  router: SimulatedGateway,
  fields: Parameters<typeof natPmpMap>[0] = {},
  where: Parameters<typeof askAll>[2] = {},
): Promise<NatPmpFields> {
  return readNatPmp(await ask(router, natPmpMap(fields), where));
}

/** Everything that is multicast while something happens and a minute after it. */
export async function announcementsDuring(
  router: SimulatedGateway,
  happens: () => void,
  { port = 5350, group = '224.0.0.1', wait = '5m' as const } = {},
): Promise<readonly Heard[]> {
  const family = group.includes(':') ? 'ipv6' : 'ipv4';
  const options = { family, localPort: port, memberships: [group] } as const;
  const socket = (await router.transport.datagram.open(options))._unsafeUnwrap();
  const heard: Heard[] = [];
  const listening = (async () => {
    for await (const { payload, from } of socket.datagrams) heard.push({ payload, from, at: router.clock.now() });
  })();
  happens();
  await router.clock.advance(wait);
  await socket.close();
  await listening;
  return heard;
}
