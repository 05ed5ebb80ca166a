import type { ClockPort, Endpoint, TransportError } from '@portwright/core';
import { canonicalAddress } from '../../network/ip-address.ts';
import type { NetworkHost } from '../../network/network-host.ts';
import { PORT_CONTROL_PORT } from '../../port-control/port-control-server.ts';
import { Answers, type OwnSocket } from './answers.ts';
import { type Rate, rateLimit } from './rate-limit.ts';
import type { ServedAddress } from './served-address.ts';
import { openUdp } from './udp-socket.ts';

export interface PortControlBindingOptions {
  readonly host: NetworkHost;
  readonly clock: ClockPort;
  readonly addresses: readonly ServedAddress[];
  /** What stands for port 5351; 0: a free one. */
  readonly port: number;
  /** Whether announcements are sent. */
  readonly announces: boolean;
}

/** A gateway's sockets for PCP and NAT-PMP: one for each of its addresses. */
export interface PortControlBinding {
  /** Null: the gateway's IPv4 address, the first one, has no socket. */
  readonly port: number | null;
  /** The sockets that could not be opened. */
  readonly failures: readonly TransportError[];
  multicast(payload: Uint8Array, from: Endpoint, to: Endpoint): void;
  close(): Promise<void>;
}

/** Requests that are answered: an answer is longer than the question for the address, whose sender can be forged. */
const REQUESTS: Rate = { burst: 200, perSecond: 50 };

/** A socket that cannot be opened leaves the others as they are. */
export async function bindPortControl(options: PortControlBindingOptions): Promise<PortControlBinding> {
  const { host, clock, addresses, announces } = options;
  const answers = new Answers(clock, PORT_CONTROL_PORT);
  const mayAnswer = rateLimit(REQUESTS, clock);
  /** By the gateway's address. */
  const own = new Map<string | null, OwnSocket>();
  const failures: TransportError[] = [];
  let { port } = options;
  for (const { address, bindAddress, multicastInterface, isNear } of addresses) {
    const opened = await openUdp({
      address: bindAddress,
      port,
      isShared: false,
      setUp: (socket) => {
        if (announces) socket.setMulticastInterface(multicastInterface);
      },
      onDatagram: (payload, from) => {
        // RFC 6886, 3.1, and RFC 6887, 17.1: what does not come from the inside is not answered.
        if (!isNear(from.address) || !mayAnswer()) return;
        const outcome = host.datagram(payload, { address, port: PORT_CONTROL_PORT }, from);
        for (const reply of outcome === 'refused' ? [] : outcome) {
          void answers.send(reply, from, own.get(canonicalAddress(reply.from.address)));
        }
      },
    });
    if (opened.isErr()) {
      failures.push(opened.error);
      continue;
    }
    own.set(canonicalAddress(address), { bindAddress, socket: opened.value });
    port = opened.value.port;
  }
  return {
    port: own.has(canonicalAddress(addresses[0]?.address ?? '')) ? port : null,
    failures,
    multicast: (payload, from, to) => {
      if (announces) own.get(canonicalAddress(from.address))?.socket.send(payload, to);
    },
    close: async () => {
      answers.stop();
      await Promise.all([...own.values()].map(({ socket }) => socket.close()));
    },
  };
}
