/** One turn of looking after a mapping: asks for it, in the way that has worked before, or in whatever way will. */
import type { Result } from 'neverthrow';
import type { Gateway } from '../client/gateway.ts';
import { internalClientOf } from '../client/internal-client.ts';
import { DEFAULT_DESCRIPTION, type PortMapping } from '../client/port-mapping.ts';
import type { FailedAttempt } from './attempt.ts';
import type { TimeBudget } from './budget.ts';
import { budgetFor, climb, type Course } from './climb.ts';
import type { KeepError } from './kept-events.ts';
import type { KeptMapping, Stand } from './kept-mapping.ts';
import type { Journal } from './journal.ts';
import type { MapPortError, MappedPort, MapPortOptions } from './map-port.ts';
import { isOwnAddress } from './speaking-from.ts';
import { renewing } from './renewal.ts';
import { removeMapping, standingAt, standingSurely } from './standing.ts';

/** `stands`: the renewal was refused, and the lease has not ended; `failed`: the mapping is not there. */
export type Turn =
  | { readonly kind: 'mapped'; readonly mapped: MappedPort }
  | { readonly kind: 'stands' | 'failed'; readonly error: KeepError };

/**
 * Does one turn: at most six attempts, within one time budget. When the mapping is closed meanwhile, what was got is
 * taken back.
 */
export async function renewMapping(
  mapping: KeptMapping,
  gateway: Gateway,
  journal: Journal | undefined,
): Promise<Turn> {
  const { stand } = mapping;
  const options = optionsOf(mapping);
  const { clock } = gateway.transport;
  const isHere = stand !== null && stand.udn === gateway.description.device.udn;
  const budget = budgetFor(gateway, options);
  const notes = new Notes(gateway, journal, isHere ? stand.granted : null);
  const isLeft = isHere && (await leaveEarlierAddress(mapping, gateway, stand, budget));
  // There is nothing to give back any more.
  if (isLeft) mapping.stand = { ...stand, endsAt: clock.now() };
  if (!isHere) await notes.write(await intended(gateway, options));
  const ask = (course: Partial<Course>, policy: MapPortOptions['policy']): Promise<Result<MappedPort, MapPortError>> =>
    climb(
      gateway,
      {
        ...options,
        policy,
        onGranted: async (granted) => {
          await notes.write(granted);
          await options.onGranted?.(granted);
        },
      },
      { budget, startAt: stand?.granted.externalPort, ...course },
    );
  let result = await ask({}, isHere ? renewing(stand.asked, options.policy) : options.policy);
  if (result.isErr() && isHere) {
    if (!isLeft && (await stillStands(gateway, stand, budget))) return { kind: 'stands', error: result.error };
    result = await ask({ failed: attemptsOf(result.error) }, options.policy);
  }
  const mayStand = result.match(
    () => [],
    (error) => (error.kind === 'not-mapped' ? error.mayStand : []),
  );
  await notes.settle(result.isOk() ? [result.value.granted] : mayStand);
  if (stand === null || stand.isProvisional === true) {
    mapping.stand = result.isErr() ? provisional(gateway, mayStand[0], attemptsOf(result.error)) : null;
  }
  return result.match<Turn>(
    (mapped) => ({ kind: 'mapped', mapped }),
    (error) => ({ kind: 'failed', error }),
  );
}

function optionsOf(mapping: KeptMapping): MapPortOptions {
  const { options, stand } = mapping;
  return {
    ...options,
    askState: stand === null || stand.isProvisional === true,
    signal: {
      get aborted() {
        return mapping.phase === 'closed' || options.signal?.aborted === true;
      },
    },
  };
}

function attemptsOf(error: MapPortError): readonly FailedAttempt[] {
  return error.kind === 'not-mapped' ? error.attempts : [];
}

/**
 * What leads to an address that this host had before is in the way of what is to lead to the one that it has now. Another
 * machine may have that address by now, and run the same program: so it is deleted only if it is this host's beyond
 * doubt, and left to its lease otherwise.
 *
 * @returns whether there was such a one, and it is not this host's any more
 */
async function leaveEarlierAddress(
  mapping: KeptMapping,
  gateway: Gateway,
  { granted, endsAt }: Stand,
  { limits }: TimeBudget,
): Promise<boolean> {
  const now = (await internalClientOf(gateway, mapping.options.internalClient)).unwrapOr(granted.internalClient);
  if (now === granted.internalClient) return false;
  const { entry, holder } = await standingAt(gateway, granted, limits);
  if (entry === null || holder !== 'own') return holder !== 'unknown';
  const isSame = entry.internalPort === granted.internalPort && entry.description === granted.description;
  const isUntouched =
    granted.leaseSeconds === 0
      ? // Without a lease to go by: it was seen to stand at the last turn, half an hour ago at most.
        entry.leaseSeconds === 0 && mapping.phase === 'mapped' && mapping.failures === 0
      : isRunningDown(entry, endsAt - gateway.transport.clock.now());
  const isOurs = isSame && (isUntouched || (await isOwnAddress(gateway, granted.internalClient)));
  return !isOurs || (await removeMapping(gateway, granted, limits)).isOk();
}

/** Gateways count in whole seconds, and from the moment of the request. */
const LEASE_TOLERANCE_MS = 2_000;

/** Whether no more is left of a lease than of the one that this host has got: nobody has renewed it since. */
function isRunningDown({ leaseSeconds }: PortMapping, leftMs: number): boolean {
  return leaseSeconds !== null && leaseSeconds > 0 && leaseSeconds * 1000 <= leftMs + LEASE_TOLERANCE_MS;
}

/** What is to be asked for. */
async function intended(gateway: Gateway, options: MapPortOptions): Promise<PortMapping> {
  const { externalPort, protocol, internalPort = externalPort } = options;
  // As it is sent: an empty one is not.
  const description = options.description?.trim() ? options.description : DEFAULT_DESCRIPTION;
  const internalClient = (await internalClientOf(gateway, options.internalClient)).unwrapOr('');
  const same = { externalPort, protocol, internalPort, internalClient, description };
  return { ...same, remoteHost: '', enabled: true, leaseSeconds: null };
}

/** What a turn writes into the journal: before it asks, and with each grant, since a crash may come in between. */
class Notes {
  readonly #gateway: Gateway;
  readonly #journal: Journal | undefined;
  /** What is in the journal from before. */
  readonly #stand: PortMapping | null;
  readonly #written = new Map<number, PortMapping>();

  constructor(gateway: Gateway, journal: Journal | undefined, stand: PortMapping | null) {
    this.#gateway = gateway;
    this.#journal = journal;
    this.#stand = stand;
  }

  async write(mapping: PortMapping): Promise<void> {
    const { externalPort } = mapping;
    if (externalPort === this.#stand?.externalPort || this.#written.has(externalPort)) return;
    this.#written.set(externalPort, mapping);
    await this.#journal?.add(this.#gateway, mapping);
  }

  /** Only what stands, or may stand, is left in the journal. */
  async settle(standing: readonly PortMapping[]): Promise<void> {
    for (const mapping of standing) await this.write(mapping);
    for (const [port, mapping] of this.#written) {
      if (standing.every(({ externalPort }) => externalPort !== port))
        await this.#journal?.remove(this.#gateway, mapping);
    }
  }
}

/** What may stand, so that it is renewed, or given back, as if it did; nothing is told of it. */
function provisional(
  gateway: Gateway,
  granted: PortMapping | undefined,
  attempts: readonly FailedAttempt[],
): Stand | null {
  const last = attempts.findLast(({ externalPort }) => externalPort === granted?.externalPort);
  if (granted === undefined || last === undefined) return null;
  const { method, externalPort, leaseSeconds, description } = last;
  return {
    granted,
    asked: { method, externalPort, leaseSeconds, description, replacing: false },
    udn: gateway.description.device.udn,
    gateway,
    endsAt: gateway.transport.clock.now() + (leaseSeconds || Infinity) * 1000,
    isProvisional: true,
  };
}

/** A gateway that does not tell is believed until the lease is over. */
async function stillStands(gateway: Gateway, { granted, endsAt }: Stand, { settling }: TimeBudget): Promise<boolean> {
  const { holder } = await standingSurely(gateway, granted, settling);
  return holder === 'own' || (holder === 'unknown' && gateway.transport.clock.now() < endsAt);
}
