/** The host that a mapping leads to by default: this one, as the gateway sees it. */
import { err, type Result } from '../result.ts';
import { inSubnet, sameAddress } from '../addresses/ip-address.ts';
import { parseHttpUrl } from '../description/url.ts';
import type { InvalidArgumentError, TransportError } from '../errors.ts';
import type { Gateway } from './gateway.ts';
import { checkInternalClient } from './port-mapping.ts';

/** The address given; else the one that the gateway has seen; else that of the interface on the gateway's subnet. */
export async function internalClientOf(
  gateway: Gateway,
  given: string | undefined,
): Promise<Result<string, InvalidArgumentError | TransportError>> {
  if (given !== undefined) return checkInternalClient(given);
  const local = await localAddressOf(gateway);
  const address = await ipv4Beside(gateway, local);
  if (address !== null) return checkInternalClient(address, true);
  if (local !== null) return err(NO_IPV4);
  return err({
    kind: 'invalid-argument',
    code: 'missing',
    argument: 'internalClient',
    message: "this computer's IP address is unknown",
    hint: 'Pass the address as internalClient.',
  });
}

/** On a network with IPv6 alone. */
const NO_IPV4: TransportError = {
  kind: 'transport',
  code: 'no-address',
  message: 'this computer has no IPv4 address, and a port mapping needs one',
  hint: "Open the port in the router's IPv6 firewall instead: addPinhole.",
};

/** A mapping leads to an IPv4 address. Whoever speaks to the gateway over IPv6 has that of the same interface. */
async function ipv4Beside({ transport }: Gateway, address: string | null): Promise<string | null> {
  if (address?.includes(':') !== true) return address;
  const listed = (await transport.interfaces.list()).unwrapOr([]);
  const own = listed.find((one) => sameAddress(one.address, address));
  return listed.find(({ family, name }) => family === 'ipv4' && name === own?.name)?.address ?? null;
}

/** This host's address as the gateway has seen it, else the one on the gateway's subnet; null where that can't be told. */
export async function localAddressOf({ transport, description, localAddress }: Gateway): Promise<string | null> {
  if (localAddress !== null) return localAddress;
  const host = parseHttpUrl(description.location)
    .map((url) => url.host)
    .unwrapOr('');
  const listed = (await transport.interfaces.list()).unwrapOr([]);
  return listed.find(({ address, prefixLength }) => inSubnet(host, address, prefixLength))?.address ?? null;
}
