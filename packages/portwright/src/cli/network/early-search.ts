/**
 * The early search, and the JIT warm-up (jit-warm-up.ts), use the time in which the router prepares its answer: 50 ms for
 * miniupnpd. bin.ts sends the first datagram of the search, and then loads the rest of the program. While the answer is
 * still awaited, the warm-up compiles the code that will handle it. So neither loading nor compiling delays the mapping.
 */
import {
  encodeMSearch,
  searchSchedule,
  type DatagramOptions,
  type DatagramPort,
  type DatagramSocket,
  type Endpoint,
  type InterfaceAddress,
  type Transport,
  type TransportError,
} from '@portwright/core';
import type { ResultAsync } from '@portwright/core/result';
import type { GatewayRequest } from '../arguments/options.ts';

/** A search whose first datagram has been sent. */
export interface EarlySearch {
  /** The same port. It hands over the open sockets, and does not send their datagram again. */
  join(datagram: DatagramPort): DatagramPort;
  /** Closes the sockets that were not handed over. */
  close(): Promise<void>;
}

interface StartedSearch {
  readonly options: DatagramOptions;
  readonly socket: ResultAsync<DatagramSocket, TransportError>;
  readonly sent: ResultAsync<void, TransportError>;
}

interface FirstDatagram {
  readonly payload: Uint8Array;
  readonly to: Endpoint;
}

/**
 * Starts the search of a request, if it is over IPv4 and on every interface. Resolves when the datagrams have been sent.
 *
 * @returns undefined if the request starts another search, or none
 */
export async function startEarlySearch(
  request: object,
  { datagram, interfaces }: Pick<Transport, 'datagram' | 'interfaces'>,
): Promise<EarlySearch | undefined> {
  const first = searchesEverywhere(request) ? firstOfSearch() : undefined;
  if (first === undefined) return undefined;
  const listed = (await interfaces.list()).unwrapOr([]);
  const started = new Set(
    listed.filter(({ family, internal }) => family === 'ipv4' && !internal).map((on) => start(datagram, on, first)),
  );
  // The caller loads code next, which blocks the event loop.
  await Promise.all([...started].map(({ sent }) => sent));
  return {
    join: (port) => ({
      open: (options) => {
        const taken = [...started].find((one) => isSame(one.options, options));
        if (taken === undefined) return port.open(options);
        started.delete(taken);
        return taken.socket.map((socket) => withoutRepeating(socket, first, taken.sent));
      },
    }),
    close: async () => {
      await Promise.all([...started].map(({ socket }) => socket.map((left) => left.close())));
    },
  };
}

function searchesEverywhere(request: object): boolean {
  const { simulate, families, interface: name, gateway, remember } = request as Partial<GatewayRequest>;
  // A remembered gateway is asked over HTTP first.
  const searchesFirst = gateway === undefined && remember !== true;
  return simulate === false && searchesFirst && name === undefined && families?.includes('ipv4') === true;
}

/** Every search over IPv4 starts with this datagram, whatever its timeout. */
function firstOfSearch(): FirstDatagram | undefined {
  const [earliest] = searchSchedule({ timeoutMs: 2000, family: 'ipv4' });
  if (earliest === undefined) return undefined;
  const { to, target, mx } = earliest;
  return encodeMSearch({ host: to, target, mx, userAgent: null })
    .map((payload) => ({ payload, to }))
    .unwrapOr(undefined);
}

function start(datagram: DatagramPort, on: InterfaceAddress, { payload, to }: FirstDatagram): StartedSearch {
  const options: DatagramOptions = { family: 'ipv4', multicastInterface: on, localPort: 0, ttl: 2 };
  const socket = datagram.open(options);
  return { options, socket, sent: socket.andThen((opened) => opened.send(payload, to)) };
}

function isSame(one: DatagramOptions, other: DatagramOptions): boolean {
  return (
    one.family === other.family &&
    one.multicastInterface?.address === other.multicastInterface?.address &&
    one.localPort === other.localPort &&
    one.ttl === other.ttl &&
    other.memberships === undefined
  );
}

function withoutRepeating(
  socket: DatagramSocket,
  first: FirstDatagram,
  sent: ResultAsync<void, TransportError>,
): DatagramSocket {
  let isDue = true;
  return {
    local: socket.local,
    datagrams: socket.datagrams,
    send: (payload, to) => {
      const isSent = isDue && to.address === first.to.address && String(payload) === String(first.payload);
      isDue = false;
      return isSent ? sent : socket.send(payload, to);
    },
    close: () => socket.close(),
  };
}
