import type { Result } from '../result.ts';
import { classifyAddress } from '../addresses/address-class.ts';
import { inSubnet, sameAddress } from '../addresses/ip-address.ts';
import type { TransportError } from '../errors.ts';
import type { AddressFamily } from '../messages.ts';
import type { DatagramOptions, DatagramSocket, InterfaceAddress, Transport } from '../ports.ts';
import { successesOf } from './successes.ts';

/** A socket of a search, and the interface it searches on. */
export interface SearchSocket {
  readonly family: AddressFamily;
  readonly socket: DatagramSocket;
  /** Undefined: the one that the system chose. */
  readonly on?: InterfaceAddress | undefined;
  /** Whether an address is on this interface's subnet. */
  readonly reaches: (address: string) => boolean;
  /** Whether the interface was there at the last look. Nothing more is sent on one that has gone. */
  readonly isThere: () => boolean;
}

/**
 * One socket per interface, so that a VPN or a virtual card which the system prefers does not hide the network with the
 * router on it. An interface that can't be used is passed over while another one can.
 */
export class SearchSockets {
  readonly #transport: Transport;
  readonly #families: readonly AddressFamily[];
  readonly #wanted: string;
  readonly #options: Pick<DatagramOptions, 'localPort' | 'ttl'>;
  readonly #sockets = new Map<string, { readonly socket: DatagramSocket; isThere: boolean }>();
  #listed: readonly InterfaceAddress[] = [];
  #hasInterface = false;
  /** Why the last socket could not be opened. */
  #failure: TransportError | null = null;

  /** @param wanted - the name or an address of the only interface to search on; empty: all but loopback */
  constructor(
    transport: Transport,
    families: readonly AddressFamily[],
    wanted: string,
    options: Pick<DatagramOptions, 'localPort' | 'ttl'>,
  ) {
    this.#transport = transport;
    this.#families = families;
    this.#wanted = wanted;
    this.#options = options;
  }

  /**
   * Opens a socket on each interface that has come up since the last time.
   *
   * @returns the new sockets; an error where all of them failed
   */
  async update(listed: readonly InterfaceAddress[]): Promise<Result<readonly SearchSocket[], TransportError>> {
    this.#listed = listed;
    const chosen = new Map(chooseInterfaces(listed, this.#families, this.#wanted).map((one) => [keyOf(one), one]));
    for (const [key, known] of this.#sockets) if (!chosen.has(key)) known.isThere = false;
    const missing = [...chosen].filter(([key]) => this.#sockets.get(key)?.isThere !== true);
    return successesOf(await Promise.all(missing.map(([key, one]) => this.#open(key, one))));
  }

  async #open(key: string, { family, on }: Chosen): Promise<Result<SearchSocket, TransportError>> {
    // An interface that went and came back may be another device by now: its earlier socket leads nowhere.
    await this.#sockets.get(key)?.socket.close();
    const opened = await this.#transport.datagram.open({ ...this.#options, family, multicastInterface: on });
    this.#failure = opened.isErr() ? opened.error : null;
    return opened.map((socket) => {
      const known = { socket, isThere: true };
      this.#sockets.set(key, known);
      if (on !== undefined) this.#hasInterface = true;
      return {
        family,
        socket,
        on,
        reaches: (address) => on === undefined || inSubnet(address, on.address, on.prefixLength),
        isThere: () => known.isThere,
      };
    });
  }

  /** What was missing until now; null where there was an interface to search on. */
  missing(): TransportError | null {
    if (this.#hasInterface) return null;
    if (this.#failure !== null) return this.#failure;
    const [wanted, families] = [this.#wanted, this.#families.join(' or ').replaceAll('ipv', 'IPv')];
    if (wanted === '') {
      const message = `no network interface has an ${families} address`;
      return { kind: 'transport', code: 'unreachable', message, hint: 'Connect to a network.' };
    }
    const message = `no network interface "${wanted}" has an ${families} address`;
    const known = [...new Set(this.#listed.map(({ name }) => name))].join(', ');
    return { kind: 'transport', code: 'no-such-interface', message, hint: `This system has: ${known}.` };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sockets.values()].map(({ socket }) => socket.close()));
  }
}

interface Chosen {
  readonly family: AddressFamily;
  /** Undefined: the system's default. */
  readonly on?: InterfaceAddress | undefined;
}

/** Multicast of IPv6 leaves by an interface, that of IPv4 by an address. */
function keyOf({ family, on }: Chosen): string {
  return `${family} ${on?.name ?? ''} ${family === 'ipv4' ? (on?.address ?? '') : ''}`;
}

function chooseInterfaces(
  listed: readonly InterfaceAddress[],
  families: readonly AddressFamily[],
  wanted: string,
): readonly Chosen[] {
  const isWanted = ({ name, address, internal }: InterfaceAddress): boolean =>
    wanted === '' ? !internal : name === wanted || sameAddress(address, wanted);
  const names = new Set(listed.filter(isWanted).map(({ name }) => name));
  const chosen = families.flatMap((family) => {
    const usable = listed.filter((one) => one.family === family && names.has(one.name));
    // One socket for each interface is enough over IPv6, on its last address.
    const ordered = usable.toSorted((one, other) => Number(isLinkLocal(one)) - Number(isLinkLocal(other)));
    const distinct = new Map(ordered.map((on) => [family === 'ipv4' ? on : on.name, { family, on }]));
    return [...distinct.values()];
  });
  // Nothing listed: the system may still know a way (some report no interfaces to a sandboxed program).
  return chosen.length === 0 && wanted === '' ? families.map((family) => ({ family })) : chosen;
}

function isLinkLocal({ address }: InterfaceAddress): boolean {
  return classifyAddress(address) === 'link-local';
}
