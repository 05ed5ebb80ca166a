/** The IPv6 address that a pinhole leads to. */
import { err, ok, type Result } from '../../result.ts';
import { classifyAddress } from '../../addresses/address-class.ts';
import { parseIpAddress, sameAddress } from '../../addresses/ip-address.ts';
import type { Gateway } from '../../client/gateway.ts';
import { localAddressOf } from '../../client/internal-client.ts';
import type { InvalidArgumentError, TransportError } from '../../errors.ts';
import { invalidArgument } from '../../invalid-argument.ts';
import type { InterfaceAddress } from '../../ports.ts';

/** An IPv6 address, as an argument. */
export function checkIpv6(argument: string, address: string): Result<string, InvalidArgumentError> {
  return address.includes(':') && parseIpAddress(address) !== null
    ? ok(address)
    : err(invalidArgument('not-an-address', argument, 'an IPv6 address', address));
}

/** A hole leads to one host's own address, which has to be reachable from outside. */
export async function pinholeClientOf(
  gateway: Gateway,
  given: string | undefined,
): Promise<Result<string, InvalidArgumentError | TransportError>> {
  if (given !== undefined) {
    return checkIpv6('internalClient', given);
  }
  const { near, others } = await addressesTowards(gateway);
  const best = near[0] ?? others[0];
  if (best !== undefined) return ok(best);
  return err(NO_IPV6);
}

/** An address on the link alone is none that can be reached from outside. */
export const NO_IPV6: TransportError = {
  kind: 'transport',
  code: 'no-address',
  message: 'this computer has no IPv6 address that can be reached from outside',
  hint: 'Turn on IPv6 in the router and on this computer. For another computer, give its address as internalClient.',
};

/**
 * This host's IPv6 addresses beyond its own link, the best first: those of the interface towards a gateway; others.
 * Public ones come before others. Of these, the ones that last come first: a deprecated address may end within hours
 * (RFC 4862, 5.5.4), a temporary one within days (RFC 8981, 3.8), and the pinhole would lead nowhere.
 */
export async function addressesTowards(gateway: Gateway): Promise<{
  readonly near: readonly string[];
  readonly others: readonly string[];
}> {
  const local = await localAddressOf(gateway);
  const listed = (await gateway.transport.interfaces.list()).unwrapOr([]);
  const name = listed.find(({ address }) => sameAddress(address, local ?? ''))?.name;
  const usable = listed
    .filter(
      ({ family, internal, address }) => family === 'ipv6' && !internal && classifyAddress(address) !== 'link-local',
    )
    .toSorted((one, other) => defectsOf(one) - defectsOf(other));
  return {
    near: usable.filter((one) => one.name === name).map(({ address }) => address),
    others: usable.filter((one) => one.name !== name).map(({ address }) => address),
  };
}

function defectsOf({ address, deprecated, temporary }: InterfaceAddress): number {
  return (classifyAddress(address) === 'public' ? 0 : 4) + (deprecated === true ? 2 : 0) + (temporary === true ? 1 : 0);
}
