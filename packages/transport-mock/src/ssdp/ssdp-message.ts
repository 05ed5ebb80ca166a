import type { Header } from '@portwright/core';

/** UDA 1.0, 1.1.1. */
export const SSDP_PORT = 1900;

/** An M-SEARCH that was understood. */
export interface SearchRequest {
  /** ST. */
  readonly target: string;
  /** MX in seconds; null when it is missing or no number. */
  readonly maximumWait: number | null;
}

/** More than this is no search: the longest that UDA provides for fits many times. */
const MAXIMUM_BYTES = 2_048;
const LATIN1 = new TextDecoder('latin1');
const UTF8 = new TextEncoder();

/**
 * UDA 1.0, 1.2.2. Null for whatever isn't a search: another message, no "ssdp:discover" in MAN, no ST, or garbage. A
 * device is silent then.
 */
export function readSearch(payload: Uint8Array): SearchRequest | null {
  if (payload.length > MAXIMUM_BYTES) return null;
  const [start = '', ...lines] = LATIN1.decode(payload).split(/\r?\n/);
  if (!/^M-SEARCH \* HTTP\/1\.[01]\s*$/.test(start)) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    if (line === '') break;
    const header = readHeaderLine(line);
    if (header === null) return null;
    headers.set(header[0].toUpperCase(), header[1]);
  }
  const target = headers.get('ST');
  if (headers.get('MAN') !== '"ssdp:discover"' || target === undefined || target === '') return null;
  const wait = headers.get('MX') ?? '';
  return { target, maximumWait: /^\d{1,9}$/.test(wait) ? Number(wait) : null };
}

/** A name and a value, both without the white space around them. Null for a line that is no header. */
export function readHeaderLine(line: string): Header | null {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0)).trimEnd();
  return name === '' || /\s/.test(name) ? null : [name, line.slice(colon + 1).trim()];
}

/** A start line and headers, and the empty line that ends them. */
export function writeMessage(startLine: string, headers: readonly Header[]): Uint8Array {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return UTF8.encode(`${startLine}\r\n${lines.join('')}\r\n`);
}
