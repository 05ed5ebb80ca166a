/** One request for a mapping from each address that it leads to, and what the ledger has to know of it. */
import { err, ok, type Result } from '../../result.ts';
import type { CallOptions } from '../../call-options.ts';
import type { CallError, InvalidArgumentError, TransportError } from '../../errors.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import type { MappingAttempt } from '../attempts.ts';
import type { RequestedMapping } from '../check-request.ts';
import type { LeaseLedger } from '../port-mapper.ts';
import type { Lease, MapPortOptions } from '../types.ts';
import { decisive, mapOutcome, type MapOutcome } from './answers.ts';
import { askServer, openForClients, type Connection } from './connection.ts';
import { controlLease } from './control-lease.ts';
import type { ServerSocket } from './exchange.ts';
import type { MapRequest } from './port-control.ts';

export interface ServerAttempt {
  readonly options: MapPortOptions;
  readonly mapping: RequestedMapping;
  readonly nonce: string;
  /** The lease that is renewed or settled. */
  readonly known: Lease | undefined;
}

interface AttemptContext {
  readonly limits: CallOptions;
  readonly ledger: LeaseLedger;
  readonly onRequest: () => void;
}

/** `lease`: a mapping that exists now; with an `error`, an unwanted one. */
type Attempted =
  { readonly lease: Lease; readonly error: CallError | null } | { readonly lease: null; readonly error: CallError };

interface Asked {
  readonly client: string;
  readonly outcome: MapOutcome;
}

/** Errors: this host has no address for the mapping to lead to, and nothing was sent. */
export async function attemptOnServer(
  connection: Connection,
  { options, mapping, nonce, known }: ServerAttempt,
  { method, externalPort, leaseSeconds }: MappingAttempt,
  { limits, ledger, onRequest }: AttemptContext,
): Promise<Result<Attempted, InvalidArgumentError | TransportError>> {
  const { transport, server, protocol, state } = connection;
  const { protocol: ofPort, internalPort } = mapping;
  const isExact = method === 'exact';
  const key = [ofPort, internalPort, externalPort, isExact, leaseSeconds, options.internalClient].join(' ');
  const remembered = state.refusalFor(key, transport.clock.now());
  if (remembered !== null) return ok({ lease: null, error: remembered });
  const opened = await openForClients(connection, options.internalClient ?? (await stillOwn(connection, known)));
  if (opened.isErr()) return err(opened.error);
  const leaseOf = (port: number, seconds: number, clients: readonly string[]): Lease => {
    const [internalClient = ''] = clients;
    const granted = { ...mapping, internalClient, externalPort: port, leaseSeconds: seconds };
    return controlLease(protocol, server, granted, leaseSeconds, { nonce, clients, run: state.run });
  };
  const wanted = leaseOf(
    externalPort,
    leaseSeconds,
    opened.value.map((one) => one.localAddress),
  );
  const wasActive = ledger.isActive(wanted);
  onRequest();
  await ledger.request(wanted);
  const request: MapRequest = {
    protocol: ofPort,
    internalPort,
    externalPort,
    externalAddress: state.suggestedAddress,
    lifetimeSeconds: leaseSeconds,
    nonce,
    isExact,
  };
  const ask = async (socket: ServerSocket): Promise<Asked> => {
    const answered = await askServer(connection, socket, request, wasActive ? 'renewal' : 'request', limits);
    const outcome = mapOutcome(protocol, request, options.port !== 'any', answered);
    return { client: socket.localAddress, outcome };
  };
  const outcomes = await Promise.all(opened.value.map(ask));
  const { client, outcome } = decisive(outcomes as [Asked, ...Asked[]]);
  // A request that was not answered may have opened a port as well.
  const clients = outcomes.flatMap((one) =>
    one.outcome.kind === 'refused' || one.client === client ? [] : [one.client],
  );
  switch (outcome.kind) {
    case 'granted':
    case 'other-port': {
      const lease = leaseOf(outcome.externalPort, outcome.leaseSeconds, [client, ...clients]);
      await ledger.grant(lease);
      // There is one mapping for the nonce, or for the internal port of NAT-PMP: not on the wanted port.
      if (lease.externalPort !== externalPort) ledger.drop(wanted);
      return ok({ lease, error: outcome.kind === 'granted' ? null : outcome.error });
    }
    case 'lost':
      ledger[wasActive ? 'mayLast' : 'doubt'](wanted);
      return ok({ lease: null, error: outcome.error });
    case 'refused':
      ledger.refuse(wanted);
      if (outcome.error.kind === 'refusal') state.noteRefusal(key, outcome.error, transport.clock.now());
      return ok({ lease: null, error: outcome.error });
  }
}

/** The address that an IPv4 lease leads to, as long as this host has it: the system may prefer another one by now. */
async function stillOwn({ transport, server }: Connection, known: Lease | undefined): Promise<string | undefined> {
  if (known === undefined || server.address.includes(':')) return undefined;
  return (await isOwnAddress(transport, known.internalClient)) === true ? known.internalClient : undefined;
}
