/** The IPv6 address that a pinhole leads to. */
import { err, ok, type Result } from '../../result.ts';
import { classifyAddress } from '../../addresses/address-class.ts';
import { parseIpAddress } from '../../addresses/ip-address.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { InvalidArgumentError, TransportError } from '../../errors.ts';
import { invalidArgument } from '../../invalid-argument.ts';

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

/** This host's IPv6 addresses beyond its own link: those of the interface towards a gateway, public ones first; others. */
export async function addressesTowards({ transport, localAddress }: Gateway): Promise<{
  readonly near: readonly string[];
  readonly others: readonly string[];
}> {
  const listed = (await transport.interfaces.list()).unwrapOr([]);
  const name = listed.find(({ address }) => address === localAddress)?.name;
  const usable = listed.filter(
    ({ family, internal, address }) => family === 'ipv6' && !internal && classifyAddress(address) !== 'link-local',
  );
  const near = usable.filter((one) => one.name === name).map(({ address }) => address);
  const isPublic = (address: string): boolean => classifyAddress(address) === 'public';
  return {
    near: [...near.filter(isPublic), ...near.filter((address) => !isPublic(address))],
    others: usable.filter((one) => one.name !== name).map(({ address }) => address),
  };
}
