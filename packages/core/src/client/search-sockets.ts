import { err, ok, type Result } from 'neverthrow';
import { classifyAddress } from '../description/address-class.ts';
import { inSubnet, sameAddress } from '../description/ip-address.ts';
import type { TransportError } from '../errors.ts';
import type { AddressFamily } from '../messages.ts';
import type { DatagramSocket, InterfaceAddress, Transport } from '../ports.ts';

/** A socket of a search, and the interface it searches on. */
export interface SearchSocket {
  readonly family: AddressFamily;
  readonly socket: DatagramSocket;
  /** Whether an address is on this interface's subnet. */
  readonly reaches: (address: string) => boolean;
}

export interface SearchSocketOptions {
  readonly interface?: string | undefined;
  readonly localPort?: number | undefined;
  readonly ttl?: number | undefined;
}

/**
 * One socket per interface, so that a VPN or a virtual card which the system prefers does not hide the network with the
 * router on it. An interface that can't be used is passed over while another one can.
 */
export async function openSearchSockets(
  transport: Transport,
  listed: readonly InterfaceAddress[],
  families: readonly AddressFamily[],
  options: SearchSocketOptions,
): Promise<Result<readonly SearchSocket[], TransportError>> {
  const chosen = chooseInterfaces(listed, families, options.interface);
  if (chosen.isErr()) return err(chosen.error);
  const { localPort = 0, ttl = 2 } = options;
  const opened = await Promise.all(
    chosen.value.map(async ({ family, on }) => {
      const socket = await transport.datagram.open({ family, localPort, ttl, multicastInterface: on });
      const reaches = (address: string): boolean => on === undefined || inSubnet(address, on.address, on.prefixLength);
      return socket.map((value): SearchSocket => ({ family, socket: value, reaches }));
    }),
  );
  const sockets = opened.flatMap((result) => (result.isOk() ? [result.value] : []));
  const failed = opened.find((result) => result.isErr());
  return sockets.length === 0 && failed !== undefined ? err(failed.error) : ok(sockets);
}

interface Chosen {
  readonly family: AddressFamily;
  /** Undefined: the system's default. */
  readonly on?: InterfaceAddress | undefined;
}

function chooseInterfaces(
  listed: readonly InterfaceAddress[],
  families: readonly AddressFamily[],
  wanted: string | undefined,
): Result<readonly Chosen[], TransportError> {
  const named = wanted === undefined ? undefined : namesOf(listed, wanted);
  const chosen = families.flatMap((family): readonly Chosen[] => {
    const usable = listed.filter((one) => one.family === family && (named?.has(one.name) ?? !one.internal));
    if (family === 'ipv4') {
      const exact = usable.filter(({ address }) => address === wanted);
      return (exact.length > 0 ? exact : usable).map((on) => ({ family, on }));
    }
    // Multicast of link-local scope leaves by an interface, not by an address: one socket for each is enough.
    const names = new Set(usable.map(({ name }) => name));
    return [...names].map((name) => {
      const addresses = usable.filter((one) => one.name === name);
      return {
        family,
        on:
          addresses.find(({ address }) => classifyAddress(address) === 'link-local') ??
          (addresses[0] as InterfaceAddress),
      };
    });
  });
  if (chosen.length > 0) return ok(chosen);
  // Nothing listed: the system may still know a way (some report no interfaces to a sandboxed program).
  if (wanted === undefined) return ok(families.map((family) => ({ family })));
  const message = `there is no network interface "${wanted}" with an ${families.join(' or ')} address`;
  const known = [...new Set(listed.map(({ name }) => name))].join(', ');
  return err({ kind: 'transport', code: 'no-such-interface', message, hint: `This system has: ${known}.` });
}

/** The names of the interfaces that a name or an address means. */
function namesOf(listed: readonly InterfaceAddress[], wanted: string): ReadonlySet<string> {
  return new Set(
    listed.filter(({ name, address }) => name === wanted || sameAddress(address, wanted)).map(({ name }) => name),
  );
}
