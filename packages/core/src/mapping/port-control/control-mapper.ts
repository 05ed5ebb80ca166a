/** A PCP or NAT-PMP server as a port mapper. */
import type { CallError } from '../../errors.ts';
import type { Result } from '../../result.ts';
import type { Transport } from '../../ports.ts';
import type { FoundMapper, GatewayState, MappedPort, PortMapper } from '../port-mapper.ts';
import type { Via } from '../types.ts';
import { askQuestion, type Connection } from './connection.ts';
import { serverIdentity } from './control-lease.ts';
import { mapOnServer } from './map-on-server.ts';
import type { ControlServer, PortControl } from './port-control.ts';
import { readServerState } from './read-server-state.ts';
import { isControlRefused } from './refused-altogether.ts';
import { cleanUpOnServer, releaseOnServer, unmapOnServer } from './release-on-server.ts';
import { inspectOnServer, renewOnServer } from './renew-on-server.ts';
import { ServerState } from './server-state.ts';
import { watchServer } from './watch-server.ts';

export interface ControlMapper extends PortMapper {
  readonly via: Exclude<Via, 'upnp-igd'>;
  readonly server: ControlServer;
  /** What the server has told up to now: with PCP nothing before a port was mapped. */
  readonly state: GatewayState | null;
}

/** A renewal is one datagram. ProtonVPN's leases of a minute, whatever is asked, are renewed at half. */
const LEAST_RENEWAL_MS = 20_000;

/** What was found: the mapper of a server that has answered. */
export interface FoundControlMapper extends FoundMapper {
  readonly mapper: ControlMapper;
}

export function connectionTo(transport: Transport, server: ControlServer, protocol: PortControl): Connection {
  return { transport, server, protocol, state: new ServerState(protocol, transport.random), localAddress: null };
}

/** Nothing is sent. */
export function controlMapper(connection: Connection): ControlMapper {
  const { transport, server, protocol, state } = connection;
  const withMapper = <T extends Omit<MappedPort, 'mapper'>>(mapped: T): T & { readonly mapper: PortMapper } => ({
    ...mapped,
    mapper,
  });
  const mapper: ControlMapper = {
    via: protocol.via,
    server,
    leastRenewalMs: LEAST_RENEWAL_MS,
    gateway: serverIdentity(server, () => connection.localAddress),
    clock: transport.clock,
    random: transport.random,
    get state() {
      return state.state;
    },
    map: async (request, context) => (await mapOnServer(connection, request, context)).map(withMapper),
    renew: async (lease, request, context) =>
      (await renewOnServer(connection, lease, request, context)).map(withMapper),
    release: (lease, { budget, isFresh = false }): Promise<Result<unknown, CallError>> =>
      releaseOnServer(connection, lease, isFresh ? budget.settling : budget.limits),
    inspect: (lease, limits) => inspectOnServer(connection, lease, limits),
    isRefusedAltogether: isControlRefused,
    readState: (limits) => readServerState(connection, limits),
    relocate: async (limits) => ((await askQuestion(connection, 'request', limits)).isOk() ? mapper : null),
    unmap: (options, lease) => unmapOnServer(connection, options, lease),
    cleanUp: (lost) => cleanUpOnServer(connection, lost),
    watch: (options) => watchServer(connection, options),
  };
  return mapper;
}
