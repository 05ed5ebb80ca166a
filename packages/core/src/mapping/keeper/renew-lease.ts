/** One turn of looking after a mapping: asks for it, in the way that has worked before, or in whatever way will. */
import type { Result } from '../../result.ts';
import type { Gateway } from '../../client/gateway.ts';
import { internalClientOf } from '../../client/internal-client.ts';
import { isOwnAddress } from '../../client/own-address.ts';
import { DEFAULT_DESCRIPTION, type PortMapping } from '../../port-mapping.ts';
import type { AttemptError } from '../igd/attempt-types.ts';
import type { TimeBudget } from '../internal/budget.ts';
import { budgetFor, climb, type Course } from '../igd/attempt-loop.ts';
import { isOn } from './gateway-identity.ts';
import type { KeepError } from './events.ts';
import type { KeptMapping, Stand } from './managed-lease.ts';
import { attemptsOf, type MapPortError, type MappedPort, type MapPortOptions } from '../types.ts';
import { afterTurn, allOf, withStand } from '../leases/unknown-leases.ts';
import { Notes, type Notebook } from '../leases/journal-transaction.ts';
import { isAbsent, isRefusal } from '../igd/read-mapping.ts';
import { renewing } from './renewal-schedule.ts';
import { removeMapping, ownershipAt, ownershipSurely } from '../igd/ownership.ts';

/** `stands`: the renewal was refused, and the lease has not ended; `failed`: the mapping is not there. */
export type Turn =
  | { readonly kind: 'mapped'; readonly mapped: MappedPort }
  | { readonly kind: 'stands' | 'failed'; readonly error: KeepError };

/**
 * Does one turn: at most six attempts, within one time budget. When the mapping is closed meanwhile, what was got is
 * taken back. What may stand after it, whatever came of it, is the mapping's.
 */
export async function renewMapping(
  mapping: KeptMapping,
  gateway: Gateway,
  notebook: Notebook | undefined,
): Promise<Turn> {
  const isOnIt = (one: Stand): boolean => isOn(one, gateway);
  const { clock } = gateway.transport;
  const assumed = mapping.mayStand.filter((one) => isOnIt(one) && one.isDisputed !== true);
  const doubtful = new Map(assumed.map(({ granted }) => [granted.externalPort, granted]));
  const known = mapping.stand !== null && isOnIt(mapping.stand) ? mapping.stand : assumed[0];
  const startAt = (known ?? mapping.stand)?.granted.externalPort;
  const isOver = (one: Stand): boolean => one.endsAt <= clock.now();
  const here = allOf(mapping).filter(isOnIt);
  const over = grantedOf(here.filter(isOver));
  const before = grantedOf(here.filter((one) => !isOver(one)));
  const notes = new Notes(gateway, notebook, before);
  if (before.length === 0) await notes.write(await intended(gateway, optionsOf(mapping), startAt));
  let turn: Turn | null = null;
  try {
    turn = await oneTurn(mapping, gateway, known, { startAt, doubtful }, notes);
    return turn;
  } finally {
    const granted = turn?.kind === 'mapped' ? turn.mapped.granted : null;
    if (granted !== null) doubtful.delete(granted.externalPort);
    // Something has thrown, and what was granted before that was taken back.
    if (turn === null && known === mapping.stand && known.granted.externalPort === notes.lastPort) {
      if (!doubtful.has(notes.lastPort)) end(mapping, known, gateway);
    }
    mapping.mayStand = afterTurn(mapping.mayStand, gateway, doubtful).filter(
      (one) => !isOnIt(one) || one.granted.externalPort !== granted?.externalPort,
    );
    const { stand, mayStand } = mapping;
    const isStanding = stand !== null && granted === null && (turn?.kind === 'stands' || !isOver(stand));
    const standing = grantedOf((isStanding ? [...mayStand, stand] : mayStand).filter(isOnIt));
    await notes.settle(granted === null ? standing : [...standing, granted], over);
  }
}

function grantedOf(stands: readonly Stand[]): readonly PortMapping[] {
  return stands.map(({ granted }) => granted);
}

async function oneTurn(
  mapping: KeptMapping,
  gateway: Gateway,
  known: Stand | undefined,
  start: Pick<Course, 'startAt' | 'doubtful'>,
  notes: Notes,
): Promise<Turn> {
  const { stand } = mapping;
  const options = optionsOf(mapping);
  const budget = budgetFor(gateway, options);
  const isHere = stand !== null && stand === known;
  const isLeft = isHere && (await leaveEarlierAddress(mapping, gateway, stand, budget));
  // There is nothing to give back any more.
  if (isLeft) end(mapping, stand, gateway);
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
      { budget, ...start, ...course },
    );
  let result = await ask({}, known === undefined ? options.policy : renewing(known.asked, options.policy));
  if (result.isErr() && known !== undefined) {
    const { error } = result;
    if (!isLeft && (await stillStands(mapping, gateway, known, error, budget))) {
      return { kind: isHere ? 'stands' : 'failed', error };
    }
    result = await ask({ failed: attemptsOf(error) }, options.policy);
  }
  return result.match<Turn>(
    (mapped) => ({ kind: 'mapped', mapped }),
    (error) => ({ kind: 'failed', error }),
  );
}

function end(mapping: KeptMapping, stand: Stand, { transport }: Gateway): void {
  mapping.stand = { ...stand, endsAt: transport.clock.now() };
}

function optionsOf(mapping: KeptMapping): MapPortOptions {
  const { options, stand } = mapping;
  return {
    ...options,
    askState: stand === null,
    signal: {
      get aborted() {
        return mapping.phase === 'closed' || options.signal?.aborted === true;
      },
    },
  };
}

/**
 * What leads to an address that this host had before is in the way of what is to lead to the one that it has now. Another
 * machine may have that address by now, and run the same program: so it is deleted only if it is this host's beyond
 * doubt, and left to its lease otherwise.
 *
 * @returns whether there was such a one, and there is nothing more to be done about it
 */
async function leaveEarlierAddress(
  mapping: KeptMapping,
  gateway: Gateway,
  stand: Stand,
  { limits }: TimeBudget,
): Promise<boolean> {
  const { granted, endsAt } = stand;
  const now = (await internalClientOf(gateway, mapping.options.internalClient)).unwrapOr(granted.internalClient);
  if (now === granted.internalClient) return false;
  const { entry, holder } = await ownershipAt(gateway, granted, limits);
  if (entry === null || holder !== 'own') return holder !== 'unknown';
  const isSame = entry.internalPort === granted.internalPort && entry.description === granted.description;
  const isUntouched =
    granted.leaseSeconds === 0
      ? // Without a lease to go by: it was seen to stand at the last turn, half an hour ago at most.
        entry.leaseSeconds === 0 && mapping.phase === 'mapped' && mapping.failures === 0
      : isRunningDown(entry, endsAt - gateway.transport.clock.now());
  const isOurs = isSame && (isUntouched || (await isOwnAddress(gateway.transport, granted.internalClient)) === true);
  if (!isOurs) return true;
  const removed = await removeMapping(gateway, granted, limits);
  if (removed.isOk() || isAbsent(removed.error)) return true;
  // Some let a host delete only what leads to it: the mapping is asked for anew all the same, and close names this one.
  if (isRefusal(removed.error)) dispute(mapping, stand);
  return isRefusal(removed.error);
}

/** Gateways count in whole seconds, and from the moment of the request. */
const LEASE_TOLERANCE_MS = 2_000;

/** Whether no more is left of a lease than of the one that this host has got: nobody has renewed it since. */
function isRunningDown({ leaseSeconds }: PortMapping, leftMs: number): boolean {
  return leaseSeconds !== null && leaseSeconds > 0 && leaseSeconds * 1000 <= leftMs + LEASE_TOLERANCE_MS;
}

/** What is to be asked for. */
async function intended(
  gateway: Gateway,
  options: MapPortOptions,
  startAt = options.externalPort,
): Promise<PortMapping> {
  const { externalPort, protocol, internalPort = externalPort } = options;
  // As it is sent: an empty one is not.
  const description = options.description?.trim() ? options.description : DEFAULT_DESCRIPTION;
  const internalClient = (await internalClientOf(gateway, options.internalClient)).unwrapOr('');
  const same = {
    externalPort: startAt,
    protocol: protocol as PortMapping['protocol'],
    internalPort,
    internalClient,
    description,
  };
  return { ...same, remoteHost: '', enabled: true, leaseSeconds: null };
}

/** A gateway that does not tell is believed until the lease is over, unless it speaks as if the mapping were another's. */
async function stillStands(
  mapping: KeptMapping,
  gateway: Gateway,
  known: Stand,
  error: MapPortError,
  { settling }: TimeBudget,
): Promise<boolean> {
  const { holder } = await ownershipSurely(gateway, known.granted, settling);
  if (holder !== 'unknown') return holder === 'own';
  const isDisputed = attemptsOf(error).some((attempt) => attempt.holder === 'unknown' && deniesIt(attempt.error));
  if (isDisputed) dispute(mapping, known);
  return !isDisputed && gateway.transport.clock.now() < known.endsAt;
}

/** 718: it is in conflict with another host's; 606: it is not this host's to change. */
function deniesIt(error: AttemptError): boolean {
  return error.kind === 'upnp-fault' && (error.code === 718 || error.code === 606);
}

/** It is given back only if it is seen to be this host's, and remembered wherever the mapping goes from here. */
function dispute(mapping: KeptMapping, known: Stand): void {
  const disputed: Stand = { ...known, isDisputed: true };
  if (mapping.stand === known) mapping.stand = disputed;
  mapping.mayStand = withStand(mapping.mayStand, disputed);
}
