/** Whose an address is: this host's, or another's. */
import { sameAddress } from '../addresses/ip-address.ts';
import type { Transport } from '../ports.ts';

/**
 * Whether an address is this host's now; null where that can't be told.
 *
 * Systems list an interface up to a second after it has come up, so the transport is asked for an address that is not
 * listed.
 */
export async function isOwnAddress(
  { interfaces }: Pick<Transport, 'interfaces'>,
  address: string,
): Promise<boolean | null> {
  const listed = (await interfaces.list()).unwrapOr([]);
  if (listed.some((one) => sameAddress(one.address, address))) return true;
  return (await interfaces.owns?.(address))?.unwrapOr(null) ?? null;
}
