import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ClockPort } from '@portwright/core';
import { onTestFinished } from 'vitest';
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '../simulate-gateway.ts';
import { serveOnSockets, type ServeOnSocketsOptions, type SocketMount, systemClock } from './sockets.ts';

export interface ServedGateway {
  readonly router: SimulatedGateway<ClockPort>;
  readonly mount: SocketMount;
}

/** A gateway on a free port of 127.0.0.1, in real time and without UDP, but for what is changed; closed with the test. */
export async function serveGateway(
  options: SimulateGatewayOptions<ClockPort> = {},
  mountOptions: ServeOnSocketsOptions = {},
): Promise<ServedGateway> {
  const router = simulateGateway<ClockPort>({
    clock: systemClock(),
    lanAddress: '127.0.0.1',
    lanAddress6: null,
    httpPort: 0,
    ...options,
  });
  const mount = (await serveOnSockets(router, { ssdp: false, ...mountOptions }))._unsafeUnwrap();
  onTestFinished(async () => {
    await mount.close();
    await router.close();
  });
  return { router, mount };
}

export interface HeldClock extends ClockPort {
  /** How long every sleeper so far wanted to sleep. */
  readonly slept: readonly number[];
  /** Wakes all that sleep. */
  wake(): void;
}

/** A clock on which only the test lets time pass. */
export function heldClock(): HeldClock {
  const slept: number[] = [];
  let sleepers: (() => void)[] = [];
  return {
    slept,
    now: () => 0,
    sleep: (ms) => {
      slept.push(ms);
      return new Promise((resolve) => sleepers.push(resolve));
    },
    wake: () => {
      for (const resolve of sleepers) resolve();
      sleepers = [];
    },
  };
}

export interface RawAnswer {
  /** One character for each byte. */
  readonly text: string;
  /** How the server ended it: in order, or by a reset. */
  readonly end: 'closed' | 'reset';
}

export interface RawClient {
  readonly socket: Socket;
  /** Everything until the server has ended it. */
  readonly answer: Promise<RawAnswer>;
  /** What has come so far, as soon as it contains this. */
  heard(part: string): Promise<string>;
}

/** A TCP client that sends what it is told to, and notes what comes back. */
export async function rawClient(
  {
    address,
    httpPort,
    localAddress,
  }: Pick<SocketMount, 'address' | 'httpPort'> & { readonly localAddress?: string | undefined },
  ...parts: readonly (string | Uint8Array)[]
): Promise<RawClient> {
  const socket = connect({ host: address, port: httpPort, localAddress, allowHalfOpen: true, noDelay: true });
  onTestFinished(() => {
    socket.destroy();
  });
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    socket.on('end', () => {
      resolve({ text, end: 'closed' });
      socket.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve({ text, end: 'reset' });
      else reject(error);
    });
  });
  // Who waits for nothing more hears of no failure.
  answer.catch(() => undefined);
  await once(socket, 'connect');
  for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
  return {
    socket,
    answer,
    heard: async (part) => {
      while (!text.includes(part)) await once(socket, 'data');
      return text;
    },
  };
}

/** Sends bytes on a connection, and gives what comes back until the server has closed it. */
export async function exchangeRaw(
  mount: Pick<SocketMount, 'address' | 'httpPort'>,
  ...parts: readonly (string | Uint8Array)[]
): Promise<RawAnswer> {
  return (await rawClient(mount, ...parts)).answer;
}

/** Text as bytes, each a piece of its own. */
export function singleBytes(text: string): readonly Uint8Array[] {
  return [...Buffer.from(text, 'latin1')].map((byte) => Uint8Array.of(byte));
}

/** The request that a careful client writes for the description. */
export const GET_DESCRIPTION = 'GET /description.xml HTTP/1.1\r\nHOST: 127.0.0.1\r\n\r\n';

/** The status line's code. */
export function statusOf({ text }: Pick<RawAnswer, 'text'>): number {
  return Number(/^HTTP\/1\.[01] (\d{3}) /.exec(text)?.[1]);
}

export interface RawUdp {
  readonly port: number;
  send(text: string, port: number, address: string): void;
  /** The next datagram that has not been asked for yet. */
  next(): Promise<{ readonly text: string; readonly from: string; readonly port: number }>;
  close(): Promise<void>;
}

/** A UDP socket; with a group, one that hears what is sent to it on the loopback interface. */
export async function rawUdp(address: string, port = 0, group?: string): Promise<RawUdp> {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', reuseAddr: port !== 0 });
  onTestFinished(() => close());
  const closed = once(socket, 'close');
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) socket.close();
    isOpen = false;
    await closed;
  };
  const arrived: Awaited<ReturnType<RawUdp['next']>>[] = [];
  socket.on('message', (payload, from) => {
    arrived.push({ text: payload.toString('latin1'), from: from.address, port: from.port });
    socket.emit('arrived');
  });
  socket.bind(port, group ?? address);
  await once(socket, 'listening');
  if (group !== undefined) socket.addMembership(group, address);
  else if (!address.includes(':')) socket.setMulticastInterface(address);
  return {
    port: socket.address().port,
    close,
    send: (text, to, at) => {
      socket.send(Buffer.from(text, 'latin1'), to, at);
    },
    next: async () => {
      for (;;) {
        const datagram = arrived.shift();
        if (datagram !== undefined) return datagram;
        await once(socket, 'arrived');
      }
    },
  };
}
