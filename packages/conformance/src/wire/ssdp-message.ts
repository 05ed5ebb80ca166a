import { type Endpoint, type Header, type Headers, SSDP_GROUPS, SSDP_PORT } from '@portwright/core';
import { latin1, utf8 } from './text.ts';

/** A datagram on SSDP's port, taken apart and not judged. */
export interface SsdpMessage {
  /** `HTTP/1.1 200 OK`, `NOTIFY * HTTP/1.1`. */
  readonly startLine: string;
  readonly headers: Headers;
}

export interface SearchForm {
  /** ST. */
  readonly target: string;
  /** MX in seconds; null: no MX. Default: 1. */
  readonly mx?: number | null | undefined;
  /** MAN; default: `"ssdp:discover"`, quotes included. */
  readonly man?: string | undefined;
}

/** An M-SEARCH to this group or host (UDA 1.1, 1.3.2). */
export function writeSearch({ target, mx = 1, man = '"ssdp:discover"' }: SearchForm, to: Endpoint): Uint8Array {
  const host = to.address.includes(':') ? `[${to.address}]` : to.address;
  const headers: readonly Header[] = [
    ['HOST', `${host}:${to.port}`],
    ['MAN', man],
    ...(mx === null ? [] : [['MX', String(mx)] as const]),
    ['ST', target],
  ];
  return utf8(`M-SEARCH * HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
}

export function readSsdpMessage(payload: Uint8Array): SsdpMessage {
  const [startLine = '', ...lines] = latin1(payload).split(/\r?\n/);
  const headers = lines.flatMap((line): Headers => {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trimEnd();
    // A name has no white space in it, and a line no carriage return: such a line is no header.
    return name === '' || /\s/.test(name) || line.includes('\r') ? [] : [[name, line.slice(colon + 1).trim()]];
  });
  return { startLine: startLine.trim(), headers };
}

/** Where searches over IPv4 go. */
export const SEARCH_GROUP: Endpoint = { address: SSDP_GROUPS.ipv4[0] ?? '239.255.255.250', port: SSDP_PORT };
