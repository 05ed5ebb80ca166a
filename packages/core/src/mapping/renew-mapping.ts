/** One turn of looking after a mapping: asks for it, in the way that has worked before, or in whatever way will. */
import type { Result } from 'neverthrow';
import type { Gateway } from '../client/gateway.ts';
import { internalClientOf } from '../client/internal-client.ts';
import { DEFAULT_DESCRIPTION, type PortMapping } from '../client/port-mapping.ts';
import type { KeepError } from './kept-events.ts';
import type { KeptMapping, Stand } from './kept-mapping.ts';
import type { Journal } from './journal.ts';
import { mapPort, type MapPortError, type MappedPort, type MapPortOptions } from './map-port.ts';
import type { MappingPolicy } from './policy.ts';
import { renewing } from './renewal.ts';
import { giveBack, standingAt } from './standing.ts';

/** `stands`: the renewal was refused, and the lease has not ended; `failed`: the mapping is not there. */
export type Turn =
  | { readonly kind: 'mapped'; readonly mapped: MappedPort }
  | { readonly kind: 'stands' | 'failed'; readonly error: KeepError };

/** Does one turn. When the mapping is closed meanwhile, what was got is taken back. */
export async function renewMapping(
  mapping: KeptMapping,
  gateway: Gateway,
  journal: Journal | undefined,
): Promise<Turn> {
  const { stand, options } = mapping;
  const intended = stand === null ? await intend(gateway, options, journal) : null;
  const ask = (policy: MappingPolicy | undefined): Promise<Result<MappedPort, MapPortError>> =>
    askFor(mapping, gateway, policy);
  const isHere = stand !== null && stand.udn === gateway.description.device.udn;
  if (isHere) await leaveEarlierAddress(gateway, options, stand.granted);
  let result = await ask(isHere ? renewing(stand.asked, options.policy) : options.policy);
  if (result.isErr() && isHere) {
    if (await stillStands(gateway, stand)) return { kind: 'stands', error: result.error };
    result = await ask(options.policy);
  }
  const isElsewhere = result.isErr() || result.value.granted.externalPort !== intended?.externalPort;
  if (intended !== null && isElsewhere) await journal?.remove(gateway, intended);
  return result.match<Turn>(
    (mapped) => ({ kind: 'mapped', mapped }),
    (error) => ({ kind: 'failed', error }),
  );
}

async function askFor(
  mapping: KeptMapping,
  gateway: Gateway,
  policy: MappingPolicy | undefined,
): Promise<Result<MappedPort, MapPortError>> {
  const { stand, options } = mapping;
  return mapPort(gateway, {
    ...options,
    // An address that this host had on another network is no good here: unless given, it is found anew each time.
    internalPort: options.internalPort ?? options.externalPort,
    externalPort: stand?.granted.externalPort ?? options.externalPort,
    policy,
    askState: stand === null,
    signal: {
      get aborted() {
        return mapping.phase === 'closed' || options.signal?.aborted === true;
      },
    },
  });
}

/** What leads to an address that this host had before is in the way of what is to lead to the one that it has now. */
async function leaveEarlierAddress(
  gateway: Gateway,
  { internalClient }: MapPortOptions,
  granted: PortMapping,
): Promise<void> {
  const now = (await internalClientOf(gateway, internalClient)).unwrapOr(granted.internalClient);
  if (now !== granted.internalClient) (await giveBack(gateway, granted)).unwrapOr(undefined);
}

/** Written down before it is asked for, since a crash may come in between. */
async function intend(
  gateway: Gateway,
  options: MapPortOptions,
  journal: Journal | undefined,
): Promise<PortMapping | null> {
  if (journal === undefined) return null;
  const { externalPort, protocol, internalPort = externalPort, description = DEFAULT_DESCRIPTION } = options;
  const internalClient = (await internalClientOf(gateway, options.internalClient)).unwrapOr('');
  const same = { externalPort, protocol, internalPort, internalClient, description };
  const intended: PortMapping = { ...same, remoteHost: '', enabled: true, leaseSeconds: null };
  await journal.add(gateway, intended);
  return intended;
}

/** A gateway that does not tell is believed until the lease is over. */
async function stillStands(gateway: Gateway, { granted, endsAt }: Stand): Promise<boolean> {
  const { holder } = await standingAt(gateway, granted, {});
  return holder === 'own' || (holder === 'unknown' && gateway.transport.clock.now() < endsAt);
}
