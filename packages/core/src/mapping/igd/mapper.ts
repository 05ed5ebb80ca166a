/** An IGD's connection service as a port mapper. */
import { err, ok } from '../../result.ts';
import { assertArguments, GATEWAY, PORT_MAPPER } from '../../arguments.ts';
import { connectionState, type ConnectionState } from '../../client/connection-state.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { CallError } from '../../errors.ts';
import type { GatewayState, MappedPort, PortMapper } from '../port-mapper.ts';
import { toldBy } from '../watch/gateway-changes.ts';
import { watchGateway } from '../watch/watch.ts';
import { attemptLoop, type GrantedPort } from './attempt-loop.ts';
import { cleanUpMapping } from './clean-up.ts';
import { identityOf } from './identity.ts';
import { detailsOf } from './igd-lease.ts';
import { asDescribedNow } from './moved-control-url.ts';
import { ownershipAt, releaseMapping, rollBackMapping } from './ownership.ts';
import { renewMapping } from './renew.ts';
import { unmapMapping } from './unmap.ts';
import { isUpnpRefused } from './upnp-refused.ts';

export interface IgdMapper extends PortMapper {
  readonly via: 'upnp-igd';
  /** What the functions take that only UPnP has. */
  readonly igd: Gateway;
}

/**
 * The port mapper of a UPnP Internet gateway. Nothing is sent.
 *
 * @throws PortwrightException (`invalid-argument`) for what is no gateway
 */
export function igdMapper(gateway: Gateway): IgdMapper {
  assertArguments(['gateway', gateway, GATEWAY]);
  const mapped = ({ gateway: asked, ...others }: GrantedPort): MappedPort => ({
    ...others,
    mapper: asked === gateway ? mapper : igdMapper(asked),
  });
  const mapper: IgdMapper = {
    via: 'upnp-igd',
    gateway: identityOf(gateway),
    igd: gateway,
    get answerMs() {
      return gateway.queue.answerMs;
    },
    clock: gateway.transport.clock,
    random: gateway.transport.random,
    map: async (request, context) => (await attemptLoop(gateway, request, context)).map(mapped),
    renew: async (lease, request, context) => (await renewMapping(gateway, lease, request, context)).map(mapped),
    release: async (lease, { budget, isFresh = false, isDisputed = false }) => {
      const released = await (isFresh
        ? rollBackMapping(gateway, lease, budget.settling)
        : releaseMapping(gateway, lease, budget, isDisputed));
      // What could not be read may have been gone.
      return released.orElse((error) => (isNoSuchEntry(error) ? ok(undefined) : err(error)));
    },
    inspect: async (lease, options) => {
      const { owner } = await ownershipAt(gateway, lease, options);
      return owner === 'nobody' && !detailsOf(lease).isListed ? 'unknown' : owner;
    },
    isRefusedAltogether: isUpnpRefused,
    readState: async (options) => toldBy(await connectionState(gateway, options)),
    relocate: async (options) => {
      const described = await asDescribedNow(gateway, options);
      return described === null ? null : igdMapper(described);
    },
    unmap: (options, lease) => unmapMapping(gateway, options, lease),
    cleanUp: (lost) => cleanUpMapping(gateway, lost),
    watch: ({ state, isStale, ...options }) =>
      watchGateway(gateway, { ...options, state: state && toConnectionState(state, isStale) }),
  };
  return mapper;
}

/**
 * The gateway of a UPnP mapper, for what only UPnP can do; null: the mapper is of another protocol.
 *
 * @throws PortwrightException (`invalid-argument`) for what is no mapper
 */
export function gatewayOf(mapper: PortMapper): Gateway | null {
  assertArguments(['mapper', mapper, PORT_MAPPER]);
  return mapper.via === 'upnp-igd' && 'igd' in mapper ? (mapper as IgdMapper).igd : null;
}

/** What is known of a gateway that may have been found by another protocol. */
function toConnectionState(state: GatewayState, isStale: boolean): ConnectionState {
  const unknown = { status: null, connected: false, uptimeSeconds: null, lastError: null, errors: [] };
  const known: ConnectionState = { ...unknown, externalAddress: null, externalAddressClass: 'invalid', ...state };
  // What has run since then is no sign of a restart.
  return isStale ? { ...known, uptimeSeconds: null } : known;
}

function isNoSuchEntry(error: CallError): boolean {
  return error.kind === 'upnp-fault' && error.code === 714;
}
