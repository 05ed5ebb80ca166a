import type { AddressInfo } from 'node:net';
import type { AddressFamily, TransportError } from '@portwright/core';
import { err, type Result } from '@portwright/core/result';

/** Where the peer is: on the same host as the transport, so that nothing leaves it. */
export const HOSTS: Readonly<Record<AddressFamily, string>> = { ipv4: '127.0.0.1', ipv6: '::1' };

export function originOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

export function failed(what: string, error: unknown): Result<never, TransportError> {
  const reason = error instanceof Error ? error.message : String(error);
  return err({ kind: 'transport', code: 'failed', message: `${what}: ${reason}` });
}
