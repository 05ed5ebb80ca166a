import { err, type Result } from 'neverthrow';
import type { InvalidArgumentError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import { encodeForm } from './encode-form.ts';
import { M_SEARCH_FORM } from './forms.ts';
import type { MSearch } from './message.ts';

/**
 * The datagram of a search (UDA 1.1, 1.3.2), for a multicast group or for one device.
 *
 * Errors: MX that is no whole number of 1..5; an empty target; control characters in the target, host or user agent.
 */
export function encodeMSearch(search: Omit<MSearch, 'kind'>): Result<Uint8Array, InvalidArgumentError> {
  const { target, mx } = search;
  if (target === '') return err(invalidArgument('missing', 'target', 'a search target', target));
  if (mx !== null && !(Number.isInteger(mx) && mx >= 1 && mx <= 5)) {
    return err(invalidArgument('out-of-range', 'mx', 'a whole number of seconds from 1 to 5', mx));
  }
  return encodeForm(M_SEARCH_FORM, search);
}
