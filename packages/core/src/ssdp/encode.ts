import { err, type Result } from '../result.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import { encodeForm } from './encode-form.ts';
import { encodeMSearch } from './encode-m-search.ts';
import { FORMS } from './forms.ts';
import type { SsdpMessage } from './message.ts';

/**
 * The datagram of any SSDP message; {@link encodeMSearch} alone is smaller for who only searches.
 *
 * Errors: control characters in a text, a number that is negative, not whole or longer than 31 bits, and those of
 * encodeMSearch.
 */
export function encodeSsdpMessage(message: SsdpMessage): Result<Uint8Array, InvalidArgumentError> {
  const { kind } = Object(message) as Partial<SsdpMessage>;
  if (typeof kind !== 'string' || !Object.hasOwn(FORMS, kind)) {
    return err(invalidArgument('wrong-type', 'message', 'an SSDP message', message));
  }
  return message.kind === 'm-search' ? encodeMSearch(message) : encodeForm(FORMS[kind], message);
}
