/** Whose an address is: this host's, or another's. */
import { sameAddress } from '../../addresses/ip-address.ts';
import type { Transport } from '../../ports.ts';

/**
 * Whether an address is this host's; null where that can't be told.
 *
 * An address that the list of interfaces leaves out may still be this host's: systems list an interface up to a second
 * after it has come up. So the transport is asked for the address itself. Where it can't say, null is the answer.
 */
export async function isOwnAddress(
  { interfaces }: Pick<Transport, 'interfaces'>,
  address: string,
): Promise<boolean | null> {
  const listed = (await interfaces.list()).unwrapOr([]);
  if (listed.some((one) => sameAddress(one.address, address))) return true;
  return (await interfaces.owns?.(address))?.unwrapOr(null) ?? null;
}
