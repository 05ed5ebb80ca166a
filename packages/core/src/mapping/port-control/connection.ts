/** A server that is asked by one protocol, and what it has answered up to now. */
import { err, ok, type Result } from '../../result.ts';
import type { CallOptions } from '../../call-options.ts';
import type { InvalidArgumentError, TransportError } from '../../errors.ts';
import { invalidArgument } from '../../invalid-argument.ts';
import type { Transport } from '../../ports.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import { globalAddresses } from './client-addresses.ts';
import { familyOf, MAX_CLIENTS } from './control-lease.ts';
import { exchange, openTowards, type NoAnswer, type ServerSocket } from './exchange.ts';
import type { GatewayState } from '../port-mapper.ts';
import type { Answer, ControlServer, MapRequest, PortControl } from './port-control.ts';
import type { ServerState } from './server-state.ts';
import type { Purpose } from './transmissions.ts';

export interface Connection {
  readonly transport: Transport;
  readonly server: ControlServer;
  readonly protocol: PortControl;
  readonly state: ServerState;
  /** This host's address at the last request; null before the first. */
  localAddress: string | null;
}

/** Sends a request from a socket, which is closed then. @param request - null: the question */
export async function askServer(
  connection: Connection,
  socket: ServerSocket,
  request: MapRequest | null,
  purpose: Purpose,
  limits: CallOptions,
): Promise<Result<Answer, NoAnswer | { readonly error: InvalidArgumentError; readonly mayHaveArrived: false }>> {
  const { transport, server, protocol, state } = connection;
  connection.localAddress = socket.localAddress;
  const payload =
    request === null ? protocol.question(socket.localAddress) : protocol.mapRequest(request, socket.localAddress);
  if (payload.isErr()) {
    await socket.socket.close();
    return err({ error: payload.error, mayHaveArrived: false });
  }
  const read = (bytes: Uint8Array): Answer | null => protocol.read(bytes, request);
  const answered = await exchange(transport, server, socket, { payload: payload.value, read, purpose, limits });
  if (answered.isOk()) state.hear(answered.value, transport.clock.now());
  return answered;
}

/** Asks the question. */
export async function askQuestion(
  connection: Connection,
  purpose: Purpose,
  limits: CallOptions,
): Promise<Result<Answer, NoAnswer | { readonly error: InvalidArgumentError; readonly mayHaveArrived: false }>> {
  const opened = await openTowards(connection.transport, connection.server);
  if (opened.isErr()) return err({ error: opened.error, mayHaveArrived: false });
  return askServer(connection, opened.value, null, purpose, limits);
}

/** Asks for what the server tells of itself; null if it does not answer. PCP's answer has no address. */
export async function askState(connection: Connection, limits: CallOptions): Promise<GatewayState | null> {
  const answered = await askQuestion(connection, 'discovery', limits);
  return answered.isOk() ? connection.state.state : null;
}

/**
 * Sockets for a mapping, each bound to an address that it will lead to: the system's choice with IPv4, every global address
 * with IPv6.
 *
 * @param given - the only address, which has to be this host's: a server maps for the sender alone
 */
export async function openForClients(
  { transport, server }: Connection,
  given: string | undefined,
): Promise<Result<readonly ServerSocket[], TransportError | InvalidArgumentError>> {
  if (given !== undefined && (await isOwnAddress(transport, given)) === false) {
    return err(invalidArgument('not-an-address', 'internalClient', 'an address of this computer', given));
  }
  if (given !== undefined || familyOf(server) === 'ipv4') {
    return (await openTowards(transport, server, given)).map((socket) => [socket]);
  }
  const listed = (await transport.interfaces.list()).unwrapOr([]);
  const addresses = globalAddresses(listed, server).slice(0, MAX_CLIENTS);
  const opened = await Promise.all(addresses.map((address) => openTowards(transport, server, address)));
  const sockets = opened.flatMap((one) => (one.isOk() ? [one.value] : []));
  return sockets.length > 0 ? ok(sockets) : err(NO_GLOBAL_ADDRESS);
}

const NO_GLOBAL_ADDRESS: TransportError = {
  kind: 'transport',
  code: 'no-address',
  message: 'this computer has no IPv6 address that can be reached from outside',
  hint: 'Turn on IPv6 in the router and on this computer.',
};
