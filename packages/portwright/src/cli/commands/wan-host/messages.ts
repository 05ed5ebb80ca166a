/**
 * The messages between the suite and its helper on the WAN, over TCP: a JSON document per line. Each connection is one UDP
 * socket of the helper. Both sides treat the other's messages as untrusted.
 */
import { isIPv4 } from 'node:net';
import type { Endpoint } from '@portwright/core';
import { printable } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';

/** Bytes of a datagram. The suite sends far smaller ones, and larger ones would help reflection attacks. */
export const MAX_PAYLOAD = 1_024;
/** Bytes of a line: a payload in base64, with an endpoint. */
export const MAX_LINE = 2_048;

/** A datagram with its destination or its source. */
export interface Passed {
  readonly peer: Endpoint;
  readonly payload: Uint8Array;
}

/** The helper's first message. */
export interface Greeting {
  readonly kind: 'greeting';
  /** The suite's address as the helper sees it: the gateway's external address. The helper sends nowhere else. */
  readonly from: string;
  /** The port of its UDP socket. */
  readonly port: number;
}

export type HelperMessage =
  | Greeting
  /** A datagram was sent. */
  | { readonly kind: 'sent' }
  /** A datagram was not sent. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The connection ends. */
  | { readonly kind: 'ended'; readonly message: string }
  | ({ readonly kind: 'arrived' } & Passed);

/** The suite's request to send a datagram. */
export function writeSend({ peer, payload }: Passed): string {
  return line({ to: peer, payload: Buffer.from(payload).toString('base64') });
}

export function readSend(text: string): Result<Passed, string> {
  return readObject(text).andThen(({ to, payload }) => readPassed(to, payload));
}

export function writeHelperMessage(message: HelperMessage): string {
  if (message.kind !== 'arrived') return line({ ...message, version: VERSION });
  const { kind, peer, payload } = message;
  return line({ kind, from: peer, payload: Buffer.from(payload).toString('base64') });
}

export function readHelperMessage(text: string): Result<HelperMessage, string> {
  return readObject(text).andThen((read): Result<HelperMessage, string> => {
    const { kind, from, port, payload, message, version } = read;
    switch (kind) {
      case 'greeting':
        if (version !== VERSION) return err(`version ${shown(version)} instead of ${VERSION}`);
        return typeof from === 'string' && isIPv4(from) && isPort(port) ? ok({ kind, from, port }) : err(shown(read));
      case 'sent':
        return ok({ kind });
      case 'refused':
      case 'ended':
        return typeof message === 'string' ? ok({ kind, message: printable(message).slice(0, 200) }) : err(shown(read));
      case 'arrived':
        return readPassed(from, payload).map((passed) => ({ kind, ...passed }));
      default:
        return err(shown(read));
    }
  });
}

/**
 * Splits the received bytes into lines.
 *
 * @returns a function that takes bytes. It returns false after a line that is too long, and ignores further bytes
 */
export function lineReader(take: (line: string) => void): (bytes: Uint8Array) => boolean {
  let rest = '';
  let isTooLong = false;
  return (bytes) => {
    if (isTooLong) return false;
    const lines = (rest + Buffer.from(bytes).toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) {
      if (one.length > MAX_LINE) isTooLong = true;
      if (!isTooLong) take(one);
    }
    isTooLong ||= rest.length > MAX_LINE;
    return !isTooLong;
  };
}

const VERSION = 1;

function line(document: object): string {
  return `${JSON.stringify(document)}\n`;
}

function readObject(text: string): Result<Readonly<Record<string, unknown>>, string> {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null) return ok(read as Readonly<Record<string, unknown>>);
  } catch {
    // Not JSON: refused below.
  }
  return err(shown(text));
}

function readPassed(endpoint: unknown, payload: unknown): Result<Passed, string> {
  const { address, port } = (endpoint ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof address !== 'string' || !isIPv4(address) || !isPort(port)) return err(shown(endpoint));
  const isBase64 = typeof payload === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(payload);
  const bytes = isBase64 ? Buffer.from(payload, 'base64') : null;
  if (bytes === null || bytes.length > MAX_PAYLOAD) return err(shown(payload));
  return ok({ peer: { address, port }, payload: new Uint8Array(bytes) });
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function shown(value: unknown): string {
  return printable((typeof value === 'string' ? value : JSON.stringify(value ?? null)).slice(0, 80));
}
