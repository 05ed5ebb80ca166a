/**
 * What the suite and its helper on the WAN side say to one another, over TCP: a JSON document on each line. One connection
 * is one UDP socket of the helper's. Either side reads the other as if a stranger had written it.
 */
import { isIPv4 } from 'node:net';
import type { Endpoint } from '@portwright/core';
import { printable } from '@portwright/core';
import { err, ok, type Result } from '@portwright/core/result';

/** Bytes of a datagram. What the suite sends is smaller by far, and nothing larger is worth to be reflected. */
export const MAX_PAYLOAD = 1_024;
/** Bytes of a line: a payload as base64, with an endpoint. */
export const MAX_LINE = 2_048;

/** A datagram: where it is to go, or where it came from. */
export interface Passed {
  readonly peer: Endpoint;
  readonly payload: Uint8Array;
}

/** The helper's first word. */
export interface Greeting {
  readonly kind: 'greeting';
  /** Who it takes the suite for: the gateway's external address. It sends nowhere else. */
  readonly from: string;
  /** Of its UDP socket. */
  readonly port: number;
}

export type HelperMessage =
  | Greeting
  /** A datagram was sent. */
  | { readonly kind: 'sent' }
  /** One was not, and why. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The connection ends, and why. */
  | { readonly kind: 'ended'; readonly message: string }
  | ({ readonly kind: 'arrived' } & Passed);

/** What the suite asks for: to send a datagram. */
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
 * Cuts what arrives into lines.
 *
 * @returns what takes the bytes; it says no once there is a line that is too long, and takes nothing more then
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
    // It is no JSON, which the next line says.
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
