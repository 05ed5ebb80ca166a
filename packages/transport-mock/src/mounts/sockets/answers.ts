import { setMaxListeners } from 'node:events';
import type { ClockPort, Endpoint } from '@portwright/core';
import type { ReplyDatagram } from '../../network/network-host.ts';
import { openUdp, type UdpSocket } from './udp-socket.ts';

/** A socket at one of the gateway's addresses. */
export interface OwnSocket {
  readonly bindAddress: string;
  readonly socket: UdpSocket;
}

/** Answers that wait for their time; a flood of requests makes no more than these. */
const MAXIMUM_WAITING = 1_000;

/** Answers to datagrams, each sent when its time has come. */
export class Answers {
  readonly #clock: ClockPort;
  readonly #ownPort: number;
  readonly #stop = new AbortController();
  #waiting = 0;

  /** @param ownPort - the port that a gateway knows itself to have; what is bound may have another */
  constructor(clock: ClockPort, ownPort: number) {
    this.#clock = clock;
    this.#ownPort = ownPort;
    // Every answer that waits listens to it; Node would take more than ten for a leak.
    setMaxListeners(0, this.#stop.signal);
  }

  /** @param own - the socket of the address that it is sent from; without one it is lost */
  async send({ payload, from, delayMs }: ReplyDatagram, to: Endpoint, own: OwnSocket | undefined): Promise<void> {
    if (this.#waiting >= MAXIMUM_WAITING) return;
    this.#waiting += 1;
    if (delayMs > 0) await this.#clock.sleep(delayMs, this.#stop.signal);
    this.#waiting -= 1;
    if (this.#stop.signal.aborted || own === undefined) return;
    if (from.port === this.#ownPort) own.socket.send(payload, to);
    else await sendFrom({ address: own.bindAddress, port: from.port }, payload, to);
  }

  /** Those that wait are not sent any more. */
  stop(): void {
    this.#stop.abort();
  }
}

/** Some routers answer from another port than the one that was asked; if it is taken here, any other is another one, too. */
async function sendFrom({ address, port }: Endpoint, payload: Uint8Array, to: Endpoint): Promise<void> {
  const wanted = await openUdp({ address, port, isShared: false });
  const socket = wanted.isOk() ? wanted : await openUdp({ address, port: 0, isShared: false });
  if (socket.isErr()) return;
  socket.value.send(payload, to);
  await socket.value.close();
}
