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
  /** Undefined: the one that the system chose. */
  readonly on?: InterfaceAddress | undefined;
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
  wanted: string,
  options: Pick<DatagramOptions, 'localPort' | 'ttl'>,
): Promise<Result<readonly SearchSocket[], TransportError>> {
  const chosen = chooseInterfaces(listed, families, wanted);
  if (chosen.isErr()) return err(chosen.error);
  const opened = await Promise.all(
    chosen.value.map(async ({ family, on }) => {
      const socket = await transport.datagram.open({ ...options, family, multicastInterface: on });
      const reaches = (address: string): boolean => on === undefined || inSubnet(address, on.address, on.prefixLength);
      return socket.map((value): SearchSocket => ({ family, socket: value, on, reaches }));
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
  wanted: string,
): Result<readonly Chosen[], TransportError> {
  const isWanted = ({ name, address, internal }: InterfaceAddress): boolean =>
    wanted === '' ? !internal : name === wanted || sameAddress(address, wanted);
  const names = new Set(listed.filter(isWanted).map(({ name }) => name));
  const chosen = families.flatMap((family) => {
    const usable = listed.filter((one) => one.family === family && names.has(one.name));
    // Multicast of IPv6 leaves by an interface, not by an address: one socket for each is enough, on its last address.
    const ordered = usable.toSorted((one, other) => Number(isLinkLocal(one)) - Number(isLinkLocal(other)));
    const distinct = new Map(ordered.map((on) => [family === 'ipv4' ? on : on.name, { family, on }]));
    return [...distinct.values()];
  });
  if (chosen.length > 0) return ok(chosen);
  // Nothing listed: the system may still know a way (some report no interfaces to a sandboxed program).
  if (wanted === '') return ok(families.map((family) => ({ family })));
  const message = `no network interface "${wanted}" has an ${families.join(' or ').replaceAll('ipv', 'IPv')} address`;
  const known = [...new Set(listed.map(({ name }) => name))].join(', ');
  return err({ kind: 'transport', code: 'no-such-interface', message, hint: `This system has: ${known}.` });
}

function isLinkLocal({ address }: InterfaceAddress): boolean {
  return classifyAddress(address) === 'link-local';
}
