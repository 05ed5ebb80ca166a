/** A port on every gateway there is, over IPv4 and over IPv6. */
import { err, ok, safeTry, type Result, type ResultAsync } from '../../result.ts';
import { checkArguments, OPTIONS } from '../../arguments.ts';
import { aborted } from '../../abort.ts';
import { discover, type DiscoveredDevice, type DiscoverOptions } from '../../client/discover.ts';
import { createGateway, type Gateway } from '../../client/gateway.ts';
import { createQueue, deadlineFor } from '../../client/queue.ts';
import { LATE_MS } from '../../client/search.ts';
import type { SearchError } from '../../client/search-types.ts';
import { chooseGateway, probeDevice, usableOf, type Inspection } from '../../client/select-gateway.ts';
import type { CallError, NoGatewayError, RejectedCandidate } from '../../errors.ts';
import { selectServices } from '../../client/select-services.ts';
import { LEFT_MAPPING } from '../../hints.ts';
import type { Transport } from '../../ports.ts';
import { mapPort } from '../map-port.ts';
import type { MappedPort } from '../port-mapper.ts';
import type { MapPortError, MapPortOptions } from '../types.ts';
import { igdMapper } from './mapper.ts';
import { DEFAULT_BUDGET_MS, timeBudget } from '../internal/budget.ts';
import { addressesTowards, NO_IPV6 } from './pinhole-address.ts';
import { addPinhole, deletePinhole, type Pinhole } from './pinholes.ts';

export interface MapOnAllOptions extends MapPortOptions, DiscoverOptions {
  /**
   * Whether the IPv6 firewall is opened for the internal port as well, where a gateway has one and this host has an IPv6
   * address on its side of it. It is searched for over IPv6 then, too. Default: false, since it opens more than the one port.
   */
  readonly ipv6?: boolean | undefined;
  readonly signal?: DiscoverOptions['signal'];
}

/** What happened on one of several gateways. */
export interface MappingOnGateway {
  readonly gateway: Gateway;
  /** Over IPv4. */
  readonly result: Result<MappedPort, MapPortError>;
  /** Over IPv6; null where that was not asked for. */
  readonly pinhole: PinholeOnGateway | null;
}

export interface PinholeOnGateway {
  /** The same device, by the address at which its firewall is asked: its IPv6 one, if it has answered there. */
  readonly gateway: Gateway;
  /** `no-such-service`: it has no IPv6 firewall that can be asked; `no-address`: this host has no IPv6 address there. */
  readonly result: Result<Pinhole, CallError>;
}

export interface MappedOnAll {
  /** One for each gateway that can map ports, in the order of their answers. */
  readonly gateways: readonly MappingOnGateway[];
  readonly rejected: readonly RejectedCandidate[];
}

/** WANIPv6FirewallControl:1, 2.3.5: a pinhole lasts a day at most, and none is permanent. */
const LONGEST_PINHOLE_SECONDS = 86_400;

/**
 * Maps a port on every gateway of the network: where two lines lead out, nobody knows by which one the peers will come.
 *
 * A gateway that answers over IPv4 and over IPv6, or on two interfaces, counts once. When the signal aborts, what was made
 * up to then is taken back, on every one of them.
 *
 * @returns an error where there is no gateway; what each of them said is in its result
 */
export function mapOnAll(
  transport: Transport,
  options: MapOnAllOptions,
): ResultAsync<MappedOnAll, SearchError | NoGatewayError> {
  return safeTry<MappedOnAll, SearchError | NoGatewayError>(async function* () {
    yield* checkArguments(['options', options, OPTIONS]);
    const { ipv6 = false, signal, families = ipv6 ? (['ipv4', 'ipv6'] as const) : undefined } = options;
    const { deadlineMs = deadlineFor(options.timeoutMs) } = options;
    const { devices, rejected, report } = yield* discover(transport, { lateMs: LATE_MS, ...options, families });
    const inspections: Inspection[] = [];
    const gateways: MappingOnGateway[] = [];
    for (const places of byDevice(devices)) {
      const device = { ...places[0], queue: createQueue(deadlineMs) };
      const inspection = await probeDevice(transport, device, { deadlineMs, signal });
      inspections.push(inspection);
      const gateway = usableOf(inspection.candidates)?.gateway;
      if (gateway === undefined) continue;
      const result = await mapPort(igdMapper(gateway), options);
      gateways.push({
        gateway,
        result,
        pinhole: ipv6 ? await openFirewall(gateway, places, options, deadlineMs) : null,
      });
    }
    if (signal?.aborted === true && gateways.length === 0) return err(aborted('mapping on all routers'));
    const all = [...rejected, ...inspections.flatMap((inspection) => inspection.rejected)];
    if (signal?.aborted === true) return ok({ gateways: await takenBack(gateways, options.budgetMs), rejected: all });
    if (gateways.length > 0) return ok({ gateways, rejected: all });
    const candidates = inspections.flatMap((inspection) => inspection.candidates);
    return chooseGateway({ candidates, rejected: all }, report.search).match(
      () => ok({ gateways, rejected: all }),
      (error) => err(error),
    );
  });
}

type Places = readonly [DiscoveredDevice, ...DiscoveredDevice[]];

/** Where each device has answered, over IPv4 first: an IPv4 mapping leads to the address that the connection is from. */
function byDevice(devices: readonly DiscoveredDevice[]): readonly Places[] {
  const ordered = devices.toSorted((one, other) => Number(isOverIpv6(one)) - Number(isOverIpv6(other)));
  const places = new Map<string, [DiscoveredDevice, ...DiscoveredDevice[]]>();
  for (const device of ordered) {
    const key = device.description.device.udn ?? device.location;
    const known = places.get(key);
    if (known === undefined) places.set(key, [device]);
    else known.push(device);
  }
  return [...places.values()];
}

function isOverIpv6({ location }: DiscoveredDevice): boolean {
  return location.includes('[');
}

/** A firewall lets a host speak for itself alone, and by the address that is to be reached: so it is asked over IPv6. */
async function openFirewall(
  mapped: Gateway,
  places: Places,
  { externalPort, internalPort = externalPort, protocol, leaseSeconds = 3600, signal }: MapOnAllOptions,
  deadlineMs: number,
): Promise<PinholeOnGateway> {
  const { transport } = mapped;
  const place = places.find(isOverIpv6);
  const services = place === undefined ? undefined : selectServices(place.description).usable[0];
  const gateway =
    place === undefined || services === undefined
      ? mapped
      : createGateway(transport, place.description, services, place.localAddress, createQueue(deadlineMs));
  if (signal?.aborted === true) return { gateway, result: err(aborted('opening the pinhole')) };
  // An address on another interface is not behind this firewall.
  const [internalClient] = (await addressesTowards(gateway)).near;
  if (gateway.firewall !== null && internalClient === undefined) {
    return { gateway, result: err(NO_IPV6) };
  }
  const lease = leaseSeconds === 0 ? LONGEST_PINHOLE_SECONDS : Math.min(leaseSeconds, LONGEST_PINHOLE_SECONDS);
  return {
    gateway,
    result: await addPinhole(gateway, { protocol, internalPort, internalClient, leaseSeconds: lease }),
  };
}

/** The last one that was made is the first that goes. */
async function takenBack(
  gateways: readonly MappingOnGateway[],
  budgetMs?: number,
): Promise<readonly MappingOnGateway[]> {
  const left: MappingOnGateway[] = [];
  for (const { gateway, result, pinhole } of gateways.toReversed()) {
    left.unshift({
      gateway,
      pinhole: pinhole === null ? null : { ...pinhole, result: await closedAgain(pinhole) },
      result: result.isOk() ? await unmappedAgain(result.value, budgetMs) : result,
    });
  }
  return left;
}

async function unmappedAgain(
  { mapper, granted }: MappedPort,
  budgetMs = DEFAULT_BUDGET_MS,
): Promise<Result<MappedPort, MapPortError>> {
  const budget = timeBudget(mapper.clock, budgetMs);
  const removed = await mapper.release(granted, { budget, isFresh: true });
  const code = removed.isOk() ? 'aborted' : 'left-behind';
  const what = removed.match(
    () => 'aborted',
    ({ message }) => `aborted, but the router did not delete the mapping: ${message}`,
  );
  const message = `can't map ${granted.protocol} port ${granted.externalPort}: ${what}`;
  const unknownLeases = removed.isOk() ? [] : [granted];
  return err({
    kind: 'not-mapped',
    code,
    message,
    attempts: [],
    unknownLeases,
    hint: removed.isOk() ? undefined : LEFT_MAPPING,
  });
}

/** One that could not be closed is an error of its own; it ends with its lease. */
async function closedAgain({ gateway, result }: PinholeOnGateway): Promise<Result<Pinhole, CallError>> {
  if (result.isErr()) return result;
  const { id, internalClient } = result.value;
  const closed = await deletePinhole(gateway, id, { internalClient });
  return closed.isErr() ? err(closed.error) : err(aborted('opening the pinhole'));
}
