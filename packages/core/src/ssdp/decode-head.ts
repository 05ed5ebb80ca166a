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
 * Liberal: LF or CR for CRLF, empty lines before the first line (RFC 9112, 2.2), white space around names and values,
 * lines without a colon (skipped), folded lines, anything after the empty line or after a NUL, no empty line at all, and a
 * last line without its end. A datagram that was cut within LOCATION gives a URL that its host does not serve, which costs
 * one request.
 *
 * Errors (`datagram`): more than 4096 bytes, more than 64 headers.
 */
export function decodeSsdpHead(datagram: Uint8Array): Result<SsdpHead, MalformedError> {
  if (datagram.length > MAX_BYTES) {
    return err(malformed('datagram', `at most ${MAX_BYTES} bytes`, 'the datagram', `${datagram.length} bytes`));
  }
  // Devices that send a C string may send its NUL as well.
  const text = decodeUtf8(datagram).split('\0', 1)[0]?.trimStart() ?? '';
  const lines = text.split(text.includes('\n') ? '\n' : '\r');
  const empty = lines.findIndex((line) => line.trim() === '');
  const [startLine = '', ...rest] = unfolded(empty < 0 ? lines : lines.slice(0, empty));
  if (rest.length > MAX_HEADERS) {
    return err(malformed('datagram', `at most ${MAX_HEADERS} headers`, 'the headers', `${rest.length} headers`));
  }
  const headers = rest.map(toHeader).filter((header) => header !== null);
  return ok({ startLine, headers });
}

/**
 * The lines, trimmed, each with its continuation lines (RFC 9112, 5.2). Some devices indent every header: an indented line
 * that is a header by itself continues nothing. Only values without spaces matter here, so the parts are joined without one.
 */
function unfolded(lines: readonly string[]): readonly string[] {
  const whole: string[] = [];
  for (const line of lines) {
    const isFolded = /^[ \t]/.test(line) && !/^\s+[\w.-]+[ \t]*:(?!\/\/)/.test(line);
    if (isFolded && whole.length > 1) whole.push(`${whole.pop() ?? ''}${line.trim()}`);
    else whole.push(line.trim());
  }
  return whole;
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
