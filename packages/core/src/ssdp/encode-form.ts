import { err, ok, type Result } from '../result.ts';
import { encodeUtf8 } from '../bytes.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { checkWhole, invalidArgument } from '../invalid-argument.ts';
import type { Endpoint } from '../messages.ts';
import { MAX_NUMBER, type FieldType, type Form } from './forms.ts';

const CONTROL = /\p{Cc}/u;

/**
 * The datagram of a form, filled in. A property that is null leaves its header out.
 *
 * Errors: a control character in a text, which would start a header of its own; a number that is not whole, negative, or
 * longer than 31 bits.
 */
export function encodeForm({ startLine, fields }: Form, message: object): Result<Uint8Array, InvalidArgumentError> {
  const lines = [startLine];
  for (const [header, property, type] of fields) {
    const value = type === undefined ? property : (message as Readonly<Record<string, unknown>>)[property];
    if (value === null || value === undefined) continue;
    if (type === 'number' || type === 'port' || type === 'max-age') {
      const checked = checkWhole(header, value, 0, MAX_NUMBER);
      if (checked.isErr()) return err(checked.error);
    }
    const { address } = value as Endpoint;
    if (typeof (type === 'host' ? address : type === 'text' ? value : '') !== 'string') {
      return err(invalidArgument('wrong-type', header, type === 'host' ? 'an address and a port' : 'a text', value));
    }
    const text = write(value, type);
    if (CONTROL.test(text)) {
      return err(invalidArgument('forbidden-characters', header, 'without control characters', text));
    }
    lines.push(`${header}: ${text}`.trimEnd());
  }
  return ok(encodeUtf8(`${lines.join('\r\n')}\r\n\r\n`));
}

function write(value: unknown, type: FieldType | undefined): string {
  if (type === 'host') return formatHost(value as Endpoint);
  return type === 'max-age' ? `max-age=${String(value)}` : String(value);
}

/** HOST's value: `[ff02::c]:1900`; a zone has no meaning outside this host, and is left out (RFC 6874, 1). */
function formatHost({ address, port }: Endpoint): string {
  const [plain = ''] = address.split('%', 1);
  return `${plain.includes(':') ? `[${plain}]` : plain}:${port}`;
}
