/** Finds what opens ports on this network: UPnP, PCP and NAT-PMP are searched for at the same time. */
import { errAsync, ok, ResultAsync, type Result } from '../result.ts';
import {
  A_TRANSPORT,
  checkArguments,
  FILE,
  listOf,
  NUMBER,
  oneOf,
  optional,
  options as optionsOf,
  ROUTER_URL,
  type Check,
} from '../arguments.ts';
import type { FindGatewayError, FindGatewayOptions } from '../client/find-gateway.ts';
import type { GatewayAtError, GatewayAtOptions } from '../client/gateway-at.ts';
import type { GatewayWarning } from '../client/gateway-warnings.ts';
import type { RejectedCandidate } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import type { AbortSignalLike, FilePort, Transport } from '../ports.ts';
import { withFallback } from './fallback-mapper.ts';
import { findIgdMapper, igdMapperAt, type FoundIgdMapper } from './igd/find-igd-mapper.ts';
import { noServerError, withServers } from './no-mapper.ts';
import { askRouter, findControlMapper, type ControlVia } from './port-control/find-control-mapper.ts';
import type { FoundControlMapper } from './port-control/control-mapper.ts';
import { readRememberedServer, rememberServer } from './port-control/remembered-server.ts';
import { parseServerUrl } from './port-control/server-url.ts';
import type { FoundMapper, PortMapper } from './port-mapper.ts';
import { race, type Search } from './race.ts';
import type { Via } from './types.ts';

export { listenForPresence as listenForMappers } from './watch/presence-listener.ts';

/** Where to look for a mapper, and how long. */
export interface FindMapperOptions extends Omit<FindGatewayOptions, 'graceMs'>, GatewayAtOptions {
  /**
   * The router, by the URL of its device description (`http://192.168.1.1:5000/rootDesc.xml`), or by the address of its PCP or
   * NAT-PMP server (`pcp://10.2.0.1`, `nat-pmp://10.2.0.1`). It is asked there, and nothing is searched for or remembered. A
   * host name needs `allowHostName`, and an `http` URL; `deadlineMs`, 8000 by default, is the limit for each document.
   * Default: a search.
   */
  readonly gateway?: string | undefined;
  /**
   * Where the router is remembered: the next time it is asked first, by the protocol of the last time, and a search begins
   * only after 150 ms without an answer. It is believed only if its description still has the same UDN and control URL, or
   * if it is still a default router. A file that can't be read or written costs the time that it saves, and no more.
   * Default: nowhere.
   */
  readonly remember?: FilePort | undefined;
  /**
   * The protocols to open ports by, the preferred one first. Default: `upnp-igd`, which can list and read back its
   * mappings; `pcp`; `nat-pmp`.
   */
  readonly via?: Via | readonly Via[] | undefined;
  /**
   * The protocol of the present lease. If it is among those of `via`, it is preferred, and another one is used only once its
   * search has ended without a router: a port keeps its protocol for as long as that is there. Default: none.
   */
  readonly lastVia?: Via | undefined;
  /**
   * Milliseconds to wait for a preferred protocol once another one has answered; default 1000, since a UPnP router may take
   * a second to answer (MX). Infinity: until its search has ended.
   */
  readonly graceMs?: number | undefined;
}

/** The mapper that was chosen, and what else there was. */
export interface SearchedMapper extends FoundMapper {
  /** Every other device that answered, and why it is not the one. */
  readonly rejected: readonly RejectedCandidate[];
  readonly warnings: readonly GatewayWarning[];
}

export type FindMapperError = FindGatewayError | GatewayAtError;

/** A UPnP router may wait as long before it answers a search (MX 1). */
const GRACE_MS = 1_000;
/** One that answers within this time makes a search needless. */
const HEAD_START_MS = 150;

const ALL: readonly Via[] = ['upnp-igd', 'pcp', 'nat-pmp'];
// A spread would keep it in every bundle.
const VIA: Check = oneOf('upnp-igd', 'pcp', 'nat-pmp');

const FIND_OPTIONS = {
  gateway: optional(ROUTER_URL),
  remember: optional(FILE),
  graceMs: optional(NUMBER),
  lastVia: optional(VIA),
};

/** One protocol, or several. */
/* @__NO_SIDE_EFFECTS__ */
function findOptions(via: unknown): Check {
  return optionsOf({ ...FIND_OPTIONS, via: optional(Array.isArray(via) ? listOf(VIA) : VIA) });
}

/**
 * Finds the mapper to use: by UPnP that of the best gateway on the network (connected with a public address before
 * connected before any other), by PCP or NAT-PMP that of a default router; or the one at a URL. All protocols are searched
 * for at once. It returns as soon as there is one of the preferred protocol, or after `graceMs` one of another; that there
 * is none takes the whole search, 2 seconds by default and a third for late answers.
 *
 * If the router turns out to refuse every port by the protocol that was found (it is switched off, or not authorized), the
 * mapper goes on with the other protocols of `via`.
 *
 * Errors: `no-gateway` with every candidate and why it was turned down; `transport`; `invalid-argument`; with a URL also
 * `policy` and `malformed`.
 *
 * @example
 * ```ts
 * const found = await findMapper(transport, { remember: file });
 * if (found.isOk()) await mapPort(found.value.mapper, { externalPort: 7777, protocol: 'UDP' });
 * ```
 */
export function findMapper(
  transport: Transport,
  options: FindMapperOptions & { readonly via: 'upnp-igd' },
): ResultAsync<FoundIgdMapper, FindMapperError>;
export function findMapper(
  transport: Transport,
  options?: FindMapperOptions,
): ResultAsync<SearchedMapper, FindMapperError>;
export function findMapper(
  transport: Transport,
  options: FindMapperOptions = {},
): ResultAsync<SearchedMapper, FindMapperError> {
  const { via: named } = Object(options) as FindMapperOptions;
  return checkArguments(['transport', transport, A_TRANSPORT], ['options', options, findOptions(named)]).asyncAndThen(
    () => {
      const { gateway, via = ALL } = options;
      if (gateway !== undefined) return mapperAt(transport, gateway, options);
      const wanted = typeof via === 'string' ? [via] : via;
      if (wanted.length === 0) return errAsync(invalidArgument('out-of-range', 'via', 'at least one protocol', via));
      const { lastVia = null } = options;
      if (lastVia === null || !wanted.includes(lastVia)) return new ResultAsync(search(transport, wanted, options));
      const others = wanted.filter((one) => one !== lastVia);
      return new ResultAsync(search(transport, [lastVia, ...others], { ...options, graceMs: Infinity }));
    },
  );
}

/** The mapper of a router whose place is known. */
function mapperAt(
  transport: Transport,
  gateway: string,
  options: FindMapperOptions,
): ResultAsync<SearchedMapper, FindMapperError> {
  const server = parseServerUrl(gateway);
  if (server === null) return igdMapperAt(transport, gateway, options);
  if (server.isErr()) return errAsync(server.error);
  const asked = askRouter(server.value.via, transport, server.value.server, options.signal);
  return new ResultAsync(asked.then((found) => found.mapErr((candidate) => noServerError([candidate])))).map(complete);
}

async function search(
  transport: Transport,
  via: readonly Via[],
  options: FindMapperOptions,
): Promise<Result<SearchedMapper, FindMapperError>> {
  const known = await recall(transport, via, options);
  const found = known === null ? await searchAll(transport, via, options) : ok(known);
  return found.map((one) => {
    const others = via.filter((other) => other !== one.mapper.via);
    const findNext = async (): Promise<PortMapper | null> =>
      (await searchAll(transport, others, { ...options, graceMs: 0, remember: undefined }))
        .map(({ mapper }) => mapper)
        .unwrapOr(null);
    return others.length === 0 ? one : { ...one, mapper: withFallback(one.mapper, findNext) };
  });
}

/** The PCP or NAT-PMP server of the last time, if it answers at once. A UPnP gateway is remembered by its own search. */
async function recall(
  transport: Transport,
  via: readonly Via[],
  options: FindMapperOptions,
): Promise<SearchedMapper | null> {
  if (options.remember === undefined) return null;
  const known = await readRememberedServer(transport, options.remember, options);
  if (known === null || !via.includes(known.via)) return null;
  const asking = (signal: AbortSignalLike): PromiseLike<Result<FoundControlMapper, unknown>> =>
    askRouter(known.via, transport, known.server, signal);
  const found = await withinHeadStart(transport, asking, options.signal);
  return found === null ? null : complete(found);
}

async function withinHeadStart<Found>(
  { clock }: Transport,
  ask: Search<Found, unknown>,
  signal: AbortSignalLike | undefined,
): Promise<Found | null> {
  const giveUp: Search<null, unknown> = async (ended) => {
    await clock.sleep(HEAD_START_MS, ended);
    return ok(null);
  };
  const raced = await race<Found | null, unknown>([ask, giveUp], { clock, graceMs: 0, signal });
  return raced.unwrapOr(null);
}

/** What a search by one protocol ends with. */
type SearchFailure =
  | { readonly via: 'upnp-igd'; readonly error: FindMapperError }
  | { readonly via: ControlVia; readonly candidates: readonly RejectedCandidate[] };

async function searchAll(
  transport: Transport,
  via: readonly Via[],
  { graceMs = GRACE_MS, remember, ...options }: FindMapperOptions,
): Promise<Result<SearchedMapper, FindMapperError>> {
  const searchBy = (one: Via): Search<SearchedMapper, SearchFailure> =>
    one === 'upnp-igd'
      ? (signal) => findIgdMapper(transport, { ...options, signal }, remember).mapErr((error) => ({ via: one, error }))
      : async (signal) =>
          (await findControlMapper(one, transport, { ...options, signal }))
            .map(complete)
            .mapErr((candidates) => ({ via: one, candidates }));
  const found = await race(via.map(searchBy), { clock: transport.clock, graceMs, signal: options.signal });
  if (found.isErr()) return found.mapErr(errorOf);
  const { mapper } = found.value;
  if (remember !== undefined && 'server' in mapper && mapper.via !== 'upnp-igd') {
    await rememberServer(remember, { via: mapper.via, server: (mapper as FoundControlMapper['mapper']).server });
  }
  return ok(found.value);
}

function errorOf(failures: readonly SearchFailure[]): FindMapperError {
  const candidates = failures.flatMap((failure) => (failure.via === 'upnp-igd' ? [] : failure.candidates));
  const byUpnp = failures.find((failure) => failure.via === 'upnp-igd');
  return byUpnp === undefined ? noServerError(candidates) : withServers(byUpnp.error, candidates);
}

function complete({ mapper, state }: FoundControlMapper): SearchedMapper {
  return { mapper, state, rejected: [], warnings: [] };
}
