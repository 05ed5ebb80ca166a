import { err, type Result } from '../result.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { checkWhole, invalidArgument } from '../invalid-argument.ts';
import { encodeForm } from './encode-form.ts';
import { M_SEARCH_FORM } from './forms.ts';
import type { MSearch } from './message.ts';

/**
 * The datagram of a search (UDA 1.1, 1.3.2), for a multicast group or for one device.
 *
 * Errors: MX that is no whole number of 1..5; an empty target; control characters in the target, host or user agent.
 */
export function encodeMSearch(search: Omit<MSearch, 'kind'>): Result<Uint8Array, InvalidArgumentError> {
  const { target, mx } = Object(search) as typeof search;
  if (!target) return err(invalidArgument('missing', 'target', 'a search target', target));
  return checkWhole('mx', mx ?? 1, 1, 5).andThen(() => encodeForm(M_SEARCH_FORM, search));
}
