import type { ClockPort, Endpoint, TransportError } from '@portwright/core';
import { canonicalAddress } from '../../network/ip-address.ts';
import type { NetworkHost } from '../../network/network-host.ts';
import { SSDP_PORT } from '../../ssdp/ssdp-message.ts';
import { Answers, type OwnSocket } from './answers.ts';
import { type Rate, rateLimit } from './rate-limit.ts';
import type { ServedAddress } from './served-address.ts';
import { openUdp, type UdpOptions, type UdpSocket } from './udp-socket.ts';

export interface SsdpOptions {
  readonly host: NetworkHost;
  readonly clock: ClockPort;
  readonly addresses: readonly ServedAddress[];
  /** `loopback`: no groups are joined, and nothing is announced. */
  readonly mode: 'multicast' | 'loopback';
  /** What stands for port 1900; 0: a free one. */
  readonly port: number;
  /** IP TTL or hop limit of announcements. */
  readonly ttl: number;
}

export interface SsdpBinding {
  /** Null: the gateway's IPv4 address, the first one, has no socket. */
  readonly port: number | null;
  /** The sockets that could not be opened. */
  readonly failures: readonly TransportError[];
  multicast(payload: Uint8Array, from: Endpoint, group: string): void;
  close(): Promise<void>;
}

/**
 * Searches that are answered. A source address can be forged, and an answer is longer than the search, so a flood must
 * not become a larger one. A client sends some 50 searches within seconds.
 */
const SEARCHES: Rate = { burst: 200, perSecond: 50 };

/**
 * A gateway's UDP sockets. Each address has one of its own, so that the system tells several gateways on one machine
 * apart, and another one for its group, since a socket that is bound to an address hears no multicast. A socket that
 * cannot be opened leaves the others as they are.
 */
export async function bindSsdp(options: SsdpOptions): Promise<SsdpBinding> {
  const { host, clock, addresses, mode, ttl } = options;
  const isShared = mode === 'multicast';
  const answers = new Answers(clock, SSDP_PORT);
  /** By the gateway's address. */
  const own = new Map<string | null, OwnSocket>();
  const sockets: UdpSocket[] = [];
  const failures: TransportError[] = [];
  const mayAnswer = rateLimit(SEARCHES, clock);
  let { port } = options;
  const open = async (udp: UdpOptions): Promise<UdpSocket | null> => {
    const opened = await openUdp(udp);
    if (opened.isErr()) {
      failures.push(opened.error);
      return null;
    }
    sockets.push(opened.value);
    return opened.value;
  };
  const receive =
    (to: string, isNear: (sender: string) => boolean) =>
    (payload: Uint8Array, from: Endpoint): void => {
      // The system hands a group's datagrams to every socket that is bound to it, whatever interface they came by.
      const isOwn = from.port === port && own.has(canonicalAddress(from.address));
      if (isOwn || !isNear(from.address) || (isSearch(payload) && !mayAnswer())) return;
      const outcome = host.datagram(payload, { address: to, port: SSDP_PORT }, from);
      for (const reply of outcome === 'refused' ? [] : outcome) {
        void answers.send(reply, from, own.get(canonicalAddress(reply.from.address)));
      }
    };
  for (const { address, bindAddress, group, multicastInterface, isNear } of addresses) {
    const unicast = await open({
      address: bindAddress,
      port,
      isShared,
      setUp: (socket) => {
        if (mode === 'loopback') return;
        socket.setMulticastInterface(multicastInterface);
        socket.setMulticastTTL(ttl);
      },
      onDatagram: receive(address, isNear),
    });
    // It would have to send the answers to a group's searches.
    if (unicast === null) continue;
    own.set(canonicalAddress(address), { bindAddress, socket: unicast });
    port = unicast.port;
    if (mode === 'loopback') continue;
    await open({
      address: groupBinding(group, multicastInterface),
      port,
      isShared,
      setUp: (socket) => {
        socket.addMembership(group, multicastInterface);
      },
      onDatagram: receive(group, isNear),
    });
  }
  return {
    port: own.has(canonicalAddress(addresses[0]?.address ?? '')) ? port : null,
    failures,
    multicast: (payload, from, group) => {
      if (mode === 'multicast') own.get(canonicalAddress(from.address))?.socket.send(payload, { address: group, port });
    },
    close: async () => {
      answers.stop();
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}

/** Announcements of other devices arrive at the port of searches, too, and are not answered. */
function isSearch(payload: Uint8Array): boolean {
  return payload[0] === 'M'.charCodeAt(0);
}

/** Windows binds no socket to a group. */
function groupBinding(group: string, multicastInterface: string): string {
  const isIPv6 = group.includes(':');
  if (process.platform === 'win32') return isIPv6 ? '::' : '0.0.0.0';
  return isIPv6 ? group + multicastInterface.replace('::', '') : group;
}
