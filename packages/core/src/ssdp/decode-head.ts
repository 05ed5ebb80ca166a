import { err, ok, type Result } from '../result.ts';
import { decodeUtf8 } from '../bytes.ts';
import type { MalformedError } from '../errors.ts';
import { malformed } from '../malformed.ts';
import type { Endpoint, Header, Headers } from '../messages.ts';

/** An SSDP message before it is understood: its first line, and its headers in their own spelling and order. */
export interface SsdpHead {
  readonly startLine: string;
  readonly headers: Headers;
}

/** An honest datagram fits into one packet of 1500 bytes. */
const MAX_BYTES = 4096;
const MAX_HEADERS = 64;

/**
 * Splits a datagram into lines and headers, and understands none of them.
 *
 * Liberal: LF for CRLF, white space around names and values, lines without a colon (skipped), anything after the empty
 * line, no empty line at all (some devices forget it). But each line must have its end, else a datagram that was cut
 * within LOCATION would give another URL.
 *
 * Errors (`datagram`): more than 4096 bytes, a last line that was cut, more than 64 headers.
 */
export function decodeSsdpHead(datagram: Uint8Array): Result<SsdpHead, MalformedError> {
  if (datagram.length > MAX_BYTES) {
    return err(malformed('datagram', `at most ${MAX_BYTES} bytes`, 'the datagram', `${datagram.length} bytes`));
  }
  const lines = decodeUtf8(datagram)
    .split('\n')
    .map((line) => line.trim());
  const empty = lines.indexOf('');
  // Text that ends with a line end has one last, empty line; without it, that line was cut.
  if (empty < 0) return err(malformed('datagram', 'a line end', `line ${lines.length}`, lines.at(-1) ?? ''));
  const [startLine = '', ...rest] = lines.slice(0, empty);
  if (rest.length > MAX_HEADERS) {
    return err(malformed('datagram', `at most ${MAX_HEADERS} headers`, 'the headers', `${rest.length} headers`));
  }
  const headers = rest.map(toHeader).filter((header) => header !== null);
  return ok({ startLine, headers });
}

function toHeader(line: string): Header | null {
  const colon = line.indexOf(':');
  return colon < 0 ? null : [line.slice(0, colon).trimEnd(), line.slice(colon + 1).trimStart()];
}

/** What HOST names: `239.255.255.250:1900`, `[FF02::C]:1900`; the port may be absent. Null for anything else. */
export function parseHost(value: string): Endpoint | null {
  const [, bracketed, plain, port = '1900'] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(value) ?? [];
  const address = bracketed ?? plain;
  return address === undefined ? null : { address, port: Number(port) };
}
