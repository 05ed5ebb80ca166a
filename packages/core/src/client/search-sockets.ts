import { err, ok, type Result } from 'neverthrow';
import { classifyAddress } from '../description/address-class.ts';
import { inSubnet, sameAddress } from '../description/ip-address.ts';
import type { TransportError } from '../errors.ts';
import type { AddressFamily } from '../messages.ts';
import type { DatagramOptions, DatagramSocket, InterfaceAddress, Transport } from '../ports.ts';
import { successes } from './successes.ts';

/** A socket of a search, and the interface it searches on. */
export interface SearchSocket {
  readonly family: AddressFamily;
  readonly socket: DatagramSocket;
  /** Whether an address is on this interface's subnet. */
  readonly reaches: (address: string) => boolean;
}

/**
 * One socket per interface, so that a VPN or a virtual card which the system prefers does not hide the network with the
 * router on it. An interface that can't be used is passed over while another one can.
 */
export async function openSearchSockets(
  transport: Transport,
  listed: readonly InterfaceAddress[],
  families: readonly AddressFamily[],
  wanted: string | undefined,
  options: Pick<DatagramOptions, 'localPort' | 'ttl'>,
): Promise<Result<readonly SearchSocket[], TransportError>> {
  const chosen = chooseInterfaces(listed, families, wanted);
  if (chosen.isErr()) return err(chosen.error);
  const opened = await Promise.all(
    chosen.value.map(async ({ family, on }) => {
      const socket = await transport.datagram.open({ ...options, family, multicastInterface: on });
      const reaches = (address: string): boolean => on === undefined || inSubnet(address, on.address, on.prefixLength);
      return socket.map((value): SearchSocket => ({ family, socket: value, reaches }));
    }),
  );
  return successes(opened);
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
