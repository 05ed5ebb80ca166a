/** Reading what stands on the command line: each returns the value, or throws a {@link Misuse} that says what is wrong. */
import { classifyAddress, type Protocol } from '@portwright/core';
import type { RemoteFlag, ReportFile, ReportFormat, WanHostFlag } from './requests.ts';

/** What a value may not be; thrown, since commander knows only exceptions, and caught where the arguments are parsed. */
export class Misuse extends Error {}

/** Sixty minutes of waiting are a mistake, as is none. */
const MAX_TIMEOUT_MS = 3_600_000;
/** A lease is a UPnP ui4. Version 2 gateways cut it to 604800, a week. */
const MAX_LEASE_SECONDS = 4_294_967_295;
/** WANIPv6FirewallControl:1, 2.3.5: a day; and nothing is permanent. */
const MAX_PINHOLE_SECONDS = 86_400;

export const readPort = (text: string): number => readNumber('the port', text, 1, 65_535);
export const readInternalPort = (text: string): number => readNumber('the internal port', text, 1, 65_535);
export const readLease = (text: string): number => readDuration(text, 0, MAX_LEASE_SECONDS, '7d');
export const readPinholeLease = (text: string): number => readDuration(text, 1, MAX_PINHOLE_SECONDS, '12h');
export const readPinholeId = (text: string): number => readNumber('the id', text, 0, 65_535);
export const readHttpPort = (text: string): number => readNumber('--port', text, 1, 65_535);
export const readSeed = (text: string): number => readNumber('--seed', text, 0, 4_294_967_295);
export const readTimeout = (text: string): number =>
  readNumber('--timeout', text, 1, MAX_TIMEOUT_MS, ' of milliseconds');

function readNumber(what: string, text: string, from: number, to: number, unit = ''): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= from && value <= to) return value;
  throw new Misuse(`${what} must be a whole number${unit} from ${from} to ${to}, not "${text}"`);
}

const UNIT_SECONDS = [86_400, 3600, 60, 1] as const;

/** `7d`, `12h`, `1h30m`, `90s`, or plain seconds. */
function readDuration(text: string, from: number, to: number, example: string): number {
  const parts = /^(?:(\d{1,10})d)?(?:(\d{1,10})h)?(?:(\d{1,10})m)?(?:(\d{1,10})s)?$/i.exec(text);
  const inUnits = UNIT_SECONDS.reduce((sum, unit, at) => sum + Number(parts?.[at + 1] ?? 0) * unit, 0);
  const isPlain = /^\d{1,15}$/.test(text);
  const value = isPlain ? Number(text) : parts === null || text === '' ? Number.NaN : inUnits;
  if (value >= from && value <= to) return value;
  throw new Misuse(
    `--lease must be a time such as 30m, 1h or ${example}, from ${from} to ${to} seconds, not "${text}"`,
  );
}

export function readProtocols(text: string): readonly Protocol[] {
  switch (text.toLowerCase()) {
    case 'tcp':
      return ['TCP'];
    case 'udp':
      return ['UDP'];
    case 'both':
      return ['TCP', 'UDP'];
    default:
      throw new Misuse(`--protocol must be tcp, udp or both, not "${text}"`);
  }
}

export function readProtocol(text: string): Protocol {
  const protocol = text.toUpperCase();
  if (protocol === 'TCP' || protocol === 'UDP') return protocol;
  throw new Misuse(`--protocol must be tcp or udp, not "${text}"`);
}

/** `2001:db8::7`, or `[2001:db8::7]:443`. */
export function readRemote(text: string): RemoteFlag {
  const [, bracketed, port] = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? text;
  if (!isIpv6(host)) throw new Misuse(`--remote must be an IPv6 address, or [address]:port, not "${text}"`);
  return port === undefined ? { host } : { host, port: readNumber('the remote port', port, 1, 65_535) };
}

export function readClient(text: string): string {
  if (isIpv6(text)) return text;
  throw new Misuse(`--client must be an IPv6 address, not "${text}"`);
}

function isIpv6(text: string): boolean {
  return text.includes(':') && classifyAddress(text) !== 'invalid';
}

export const readListFile = (text: string): readonly [string] => [readText('--known-failures')(text)];

/** `wanip/*,soap/*`. */
export function readIds(text: string): readonly string[] {
  const ids = text.split(',').map((id) => id.trim());
  if (ids.every((id) => id !== '')) return ids;
  throw new Misuse(`--only must be ids separated by commas, such as wanip/*,soap/*, not "${text}"`);
}

const FORMATS: Readonly<Record<string, ReportFormat>> = {
  html: 'html',
  json: 'json',
  xml: 'junit',
  tap: 'tap',
  txt: 'text',
};

export function readReport(path: string): readonly [ReportFile] {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  if (format !== undefined) return [{ path, format }];
  throw new Misuse(`--report must be a file name that ends in .html, .json, .xml, .tap or .txt, not "${path}"`);
}

export function readAddress(text: string): string {
  if (isIpv4(text)) return text;
  throw new Misuse(`--address must be an IPv4 address, not "${text}"`);
}

/** `5.5.5.2:4719`. The way there is through the gateway's NAT, and so over IPv4. */
export function readWanHost(text: string): WanHostFlag {
  const [, address = '', port = ''] = /^([\d.]+):(\d+)$/.exec(text) ?? [];
  if (!isIpv4(address))
    throw new Misuse(`--wan-host must be an IPv4 address and a port, such as 5.5.5.2:4719, not "${text}"`);
  return { address, port: readNumber('the port of --wan-host', port, 1, 65_535) };
}

function isIpv4(text: string): boolean {
  return text.includes('.') && classifyAddress(text) !== 'invalid';
}

/** The URL itself is core's to judge; this catches what can't be meant. */
export function readUrl(option: string): (text: string) => string {
  return (text) => {
    if (/^http:\/\/[^/]/i.test(text) && URL.canParse(text)) {
      if (new URL(text).username === '') return text;
      throw new Misuse(`${option} must not contain a user name or a password`);
    }
    throw new Misuse(`${option} must be an http:// URL, such as http://192.168.1.1:5000/rootDesc.xml, not "${text}"`);
  };
}

/** A file, or a URL; another scheme than http can't be meant as the name of a file. */
export function readSource(text: string): string {
  if (/^http:\/\//i.test(text)) return readUrl('<url or file>')(text);
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return readText('<url or file>')(text);
  throw new Misuse(`<url or file> must be a file or an http:// URL, not "${text}"`);
}

/** Words that a command line can't do without. */
export function readText(option: string): (text: string) => string {
  return (text) => {
    if (text.trim() !== '') return text;
    throw new Misuse(`${option} must not be empty`);
  };
}
