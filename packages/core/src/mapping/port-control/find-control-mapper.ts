/** Finds the PCP or NAT-PMP server of this network: it is a default router. */
import { err, ok, type Result } from '../../result.ts';
import { sameAddress } from '../../addresses/ip-address.ts';
import type { RejectedCandidate } from '../../errors.ts';
import type { AddressFamily } from '../../messages.ts';
import type { AbortSignalLike, DefaultRouter, Transport } from '../../ports.ts';
import { probeNatPmp } from '../nat-pmp/mapper.ts';
import { probePcp } from '../pcp/mapper.ts';
import { race } from '../race.ts';
import type { FoundControlMapper } from './control-mapper.ts';
import type { ControlServer } from './port-control.ts';
import type { NoServer } from './probe-server.ts';

export type ControlVia = 'pcp' | 'nat-pmp';

const NAMES = { pcp: 'PCP', 'nat-pmp': 'NAT-PMP' } as const;
const PROBES = { pcp: probePcp, 'nat-pmp': probeNatPmp } as const;

/** Milliseconds that the preferred router has, once another one has answered. They mostly answer in a few. */
const GRACE_MS = 250;

export interface FindControlMapperOptions {
  /** Default: `['ipv4']`. */
  readonly families?: readonly AddressFamily[] | undefined;
  /** The interface whose routers are asked: its name or one of its addresses. Default: every one. */
  readonly interface?: string | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

/**
 * Asks the default routers, all at once.
 *
 * @returns a candidate for each router that can't be used; none: this system has, or names, no default router
 */
export async function findControlMapper(
  via: ControlVia,
  transport: Transport,
  options: FindControlMapperOptions,
): Promise<Result<FoundControlMapper, readonly RejectedCandidate[]>> {
  const routers = await routersToAsk(transport, options);
  const searches = routers.map((router) => (signal: AbortSignalLike) => askRouter(via, transport, router, signal));
  return race(searches, { clock: transport.clock, graceMs: GRACE_MS, signal: options.signal });
}

/** Asks one server. */
export async function askRouter(
  via: ControlVia,
  transport: Transport,
  server: ControlServer,
  signal: AbortSignalLike | undefined,
): Promise<Result<FoundControlMapper, RejectedCandidate>> {
  const probed = await PROBES[via](transport, server, { signal });
  return probed.isOk() ? ok(probed.value) : err(withoutServer(via, server, probed.error));
}

/** The default routers of a search, as far as this system names them. NAT-PMP has IPv4 alone. */
export async function routersToAsk(
  { interfaces }: Transport,
  { families = ['ipv4'], interface: wanted = '' }: FindControlMapperOptions,
): Promise<readonly DefaultRouter[]> {
  const routers = (await interfaces.defaultRouters?.())?.unwrapOr([]) ?? [];
  const near = routers.filter(({ family }) => families.includes(family));
  if (wanted === '' || near.length === 0) return near;
  const listed = (await interfaces.list()).unwrapOr([]);
  const name = listed.find((one) => one.name === wanted || sameAddress(one.address, wanted))?.name ?? wanted;
  return near.filter((router) => router.name === name);
}

function withoutServer(via: ControlVia, { address }: ControlServer, { reason, error }: NoServer): RejectedCandidate {
  const host = address.includes(':') ? `[${address}]` : address;
  // The message names the address as well.
  const why = error.message.startsWith(`${address}: `) ? error.message.slice(address.length + 2) : error.message;
  return {
    code: reason === 'not-authorized' ? 'not-authorized' : 'no-server',
    location: `${via}://${host}`,
    from: address,
    name: null,
    reason: reason === 'not-authorized' ? error.message : `it does not answer ${NAMES[via]}: ${why}`,
    error,
  };
}
