/**
 * The first datagram of a search, sent while most of the program is still to be loaded: a router takes longer to answer
 * than that, so the loading costs no time.
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
import type { Request } from '../arguments/requests.ts';

/** A search that has begun. */
export interface HeadStart {
  /** The same port; it gives away the sockets that are open already, and does not repeat what they have sent. */
  join(datagram: DatagramPort): DatagramPort;
  /** Closes the sockets that nobody has asked for. */
  close(): Promise<void>;
}

interface Begun {
  readonly options: DatagramOptions;
  readonly socket: ResultAsync<DatagramSocket, TransportError>;
  readonly sent: ResultAsync<void, TransportError>;
}

interface Opening {
  readonly payload: Uint8Array;
  readonly to: Endpoint;
}

/**
 * Begins the search that a request will make, if that is over IPv4 and on every interface; it resolves when the datagrams
 * have left.
 *
 * @returns undefined where it is another one, or none
 */
export async function headStart(
  request: Request,
  { datagram, interfaces }: Pick<Transport, 'datagram' | 'interfaces'>,
): Promise<HeadStart | undefined> {
  const opening = searchesEverywhere(request) ? firstOfSearch() : undefined;
  if (opening === undefined) return undefined;
  const listed = (await interfaces.list()).unwrapOr([]);
  const begun = new Set(
    listed.filter(({ family, internal }) => family === 'ipv4' && !internal).map((on) => begin(datagram, on, opening)),
  );
  // What comes next keeps the process busy.
  await Promise.all([...begun].map(({ sent }) => sent));
  return {
    join: (port) => ({
      open: (options) => {
        const taken = [...begun].find((one) => isSame(one.options, options));
        if (taken === undefined) return port.open(options);
        begun.delete(taken);
        return taken.socket.map((socket) => withoutRepeating(socket, opening, taken.sent));
      },
    }),
    close: async () => {
      await Promise.all([...begun].map(({ socket }) => socket.map((left) => left.close())));
    },
  };
}

function searchesEverywhere(request: Request): boolean {
  if (!('families' in request)) return false;
  // One that is remembered is asked over HTTP first.
  const isElsewhere = request.command !== 'discover' && (request.gateway !== undefined || request.remember);
  const isEverywhere = request.interface === undefined && request.families.includes('ipv4');
  return !request.simulate && !isElsewhere && isEverywhere;
}

/** The datagram that every search over IPv4 starts with, however long it lasts. */
function firstOfSearch(): Opening | undefined {
  const [first] = searchSchedule({ timeoutMs: 2000, family: 'ipv4' });
  if (first === undefined) return undefined;
  const { to, target, mx } = first;
  return encodeMSearch({ host: to, target, mx, userAgent: null })
    .map((payload) => ({ payload, to }))
    .unwrapOr(undefined);
}

function begin(datagram: DatagramPort, on: InterfaceAddress, { payload, to }: Opening): Begun {
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
  opening: Opening,
  sent: ResultAsync<void, TransportError>,
): DatagramSocket {
  let isDue = true;
  return {
    local: socket.local,
    datagrams: socket.datagrams,
    send: (payload, to) => {
      const isSent = isDue && to.address === opening.to.address && String(payload) === String(opening.payload);
      isDue = false;
      return isSent ? sent : socket.send(payload, to);
    },
    close: () => socket.close(),
  };
}
