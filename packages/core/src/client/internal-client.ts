/** The host that a mapping leads to by default: this one, as the gateway sees it. */
import { err, type Result } from '../result.ts';
import { classifyAddress } from '../addresses/address-class.ts';
import { inSubnet, sameAddress } from '../addresses/ip-address.ts';
import { hostIn } from '../description/url.ts';
import type { InvalidArgumentError, TransportError } from '../errors.ts';
import type { InterfaceAddress } from '../ports.ts';
import type { Gateway } from './gateway.ts';
import { isOwnAddress } from './own-address.ts';
import { checkInternalClient } from './mapping-arguments.ts';

/**
 * The address given; else this host's own, by what its interfaces have now ({@link localAddressOf}). After a request,
 * `gateway.localAddress` is the address that it really left from: another one is what the gateway takes for this host's.
 */
export async function internalClientOf(
  gateway: Gateway,
  given: string | undefined,
): Promise<Result<string, InvalidArgumentError | TransportError>> {
  // To a router on this host that is spoken to over loopback, this host is a loopback address.
  if (given !== undefined)
    return checkInternalClient(given, classifyAddress(gateway.localAddress ?? '') === 'loopback');
  const local = await localAddressOf(gateway);
  const address = await ipv4Beside(gateway, local);
  if (address !== null) return checkInternalClient(address, true);
  if (local !== null) return err(NO_IPV4);
  if (gateway.localAddress !== null) return err(LEFT_NETWORK);
  return err({
    kind: 'invalid-argument',
    code: 'missing',
    argument: 'internalClient',
    message: "this computer's IP address is unknown",
    hint: 'Pass the address as internalClient.',
  });
}

/** Milliseconds until a network has given this host another address, as by DHCP. */
const RENUMBERING_MS = 5_000;
const LOOK_MS = 250;
/** Within this time, and some to spare, systems list an interface that has come up. */
const LISTED_MS = 1_500;

/**
 * This host's address after it has lost the one that it had; null where it gets none within 5 s.
 *
 * @param isOver - whether the caller waits no longer
 * @param addressOf - which address it is; default: that of a port mapping
 */
export async function nextInternalClient(
  gateway: Gateway,
  isOver: () => boolean,
  addressOf: typeof internalClientOf = internalClientOf,
): Promise<string | null> {
  const { clock } = gateway.transport;
  const end = clock.now() + RENUMBERING_MS;
  for (;;) {
    const client = (await addressOf(gateway, undefined)).unwrapOr(null);
    if (client !== null || isOver() || clock.now() >= end) return client;
    await clock.sleep(LOOK_MS);
  }
}

/** On a network with IPv6 alone. */
const NO_IPV4: TransportError = {
  kind: 'transport',
  code: 'no-address',
  message: 'this computer has no IPv4 address, and a port mapping needs one',
  hint: "Open the port in the router's IPv6 firewall instead: addPinhole.",
};

/** The address that the last exchange left from is gone, and there is no other one on the gateway's subnet. */
const LEFT_NETWORK: TransportError = {
  kind: 'transport',
  code: 'no-address',
  message: "this computer has no address in the router's network any more",
  hint: 'Search for the router again.',
};

/**
 * A mapping leads to an IPv4 address. Whoever speaks to the gateway over IPv6 has that of the same interface. An interface
 * that has just come up carries requests up to a second before the system lists it.
 */
async function ipv4Beside({ transport }: Gateway, address: string | null): Promise<string | null> {
  if (address?.includes(':') !== true) return address;
  const { clock, interfaces } = transport;
  const end = clock.now() + LISTED_MS;
  for (;;) {
    const list = await interfaces.list();
    const listed = list.unwrapOr([]);
    const own = listed.find((one) => sameAddress(one.address, address));
    if (own !== undefined || list.isErr() || clock.now() >= end)
      return listed.find(({ family, name }) => family === 'ipv4' && name === own?.name)?.address ?? null;
    await clock.sleep(LOOK_MS);
  }
}

/**
 * This host's address towards a gateway; null where that can't be told. The one that the last exchange left from counts
 * only while this host has it: a host that moves from one address to another leads nothing to the first any more. Else it
 * is the address on the gateway's subnet.
 */
export async function localAddressOf({ transport, description, localAddress }: Gateway): Promise<string | null> {
  if (localAddress !== null && (await isOwnAddress(transport, localAddress)) !== false) return localAddress;
  const [host = '', zone] = hostIn(description.location).split('%');
  const listed = (await transport.interfaces.list()).unwrapOr([]);
  const isTowards = (one: InterfaceAddress): boolean =>
    inSubnet(host, one.address, one.prefixLength) && (zone === undefined || zone === (one.zone ?? one.name));
  const address = listed.find(isTowards)?.address ?? null;
  return address === null || zone === undefined ? address : `${address}%${zone}`;
}
