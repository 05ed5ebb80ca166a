import { err, ok, type Result } from 'neverthrow';
import { encodeUtf8 } from '../bytes.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import type { Endpoint } from '../messages.ts';

/** A header to be written: left out where it is null. */
export type Field = readonly [name: string, value: string | number | null];

const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * The bytes of a start line and its headers. A control character in a value is refused rather than removed: CR and LF
 * would start a header of their own.
 */
export function encodeHead(startLine: string, fields: readonly Field[]): Result<Uint8Array, InvalidArgumentError> {
  const lines = [startLine];
  for (const [name, value] of fields) {
    if (value === null) continue;
    if (typeof value === 'string') {
      if (CONTROL.test(value)) {
        return err(invalidArgument('forbidden-characters', name, 'without control characters', value));
      }
    } else if (!Number.isSafeInteger(value) || value < 0) {
      return err(invalidArgument('out-of-range', name, 'a whole number, 0 or greater', value));
    }
    lines.push(`${name}: ${value}`.trimEnd());
  }
  return ok(encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`));
}

/** HOST's value: `[ff02::c]:1900`; a zone has no meaning outside this host, and is left out (RFC 6874, 1). */
export function formatHost(host: Endpoint): string {
  const address = host.address.split('%', 1)[0] as string;
  return `${address.includes(':') ? `[${address}]` : address}:${host.port}`;
}
