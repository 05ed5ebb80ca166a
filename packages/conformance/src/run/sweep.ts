import type { Transport } from '@portwright/core';
import { checkArguments, optional, options as optionsOf, A_TRANSPORT, withFunctions } from '@portwright/core/internal';
import { ResultAsync } from '@portwright/core/result';
import type { Caller } from '../bench/caller.ts';
import { DESCRIPTION_PREFIX, keyOf } from '../bench/mappings.ts';
import { compareTables, readMappingTable, type TableEntry } from '../bench/mapping-table.ts';
import { FIRST_PORT } from '../bench/ports.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../bench/service-under-test.ts';
import type { DescribedService, Subject } from '../bench/subject.ts';
import { NO_LEDGER, type RunLedger } from './run-ledger.ts';
import { checkTarget, findSecond, findTarget, type Target, type TargetError } from './target.ts';

/** What was left behind by earlier runs: what is deleted now, and what could not be. */
export interface Sweep {
  readonly deleted: readonly TableEntry[];
  readonly left: readonly TableEntry[];
}

export interface SweepOptions {
  /** The second client of the runs that have left something. Default: another address of this host, as it is for a run. */
  readonly secondClient?: Transport | undefined;
  /** Knows which runs go on: what is theirs is not touched. Default: none does. */
  readonly ledger?: RunLedger | undefined;
}

const OPTIONS = optionsOf({
  secondClient: optional(A_TRANSPORT),
  ledger: optional(withFunctions('a ledger of runs', 'enter', 'has')),
});

/**
 * Deletes what a run that crashed has left on a gateway: the mappings whose description names a run, and this host as the
 * one that made it, whoever they lead to. Nothing else is touched.
 */
export function sweep(
  transport: Transport,
  target: Target,
  options: SweepOptions = {},
): ResultAsync<Sweep, TargetError> {
  return checkTarget(transport, target)
    .andThen(() => checkArguments(['options', options, OPTIONS]))
    .asyncAndThen(() => findTarget(transport, target))
    .andThen((found) => {
      const { secondClient, ledger = NO_LEDGER } = options;
      const swept = async (): Promise<Sweep> => {
        const second = await findSecond(found, secondClient);
        return sweepMappings({ ...found, second }, leftBehind(found, ledger));
      };
      return ResultAsync.fromSafePromise(swept());
    });
}

/** Who asks for what is to be deleted. */
export interface Sweepers {
  readonly subject: Subject;
  readonly self: Caller;
  readonly second: Caller | null;
}

/** Which entries are to be deleted. */
export type IsMeant = (entry: TableEntry) => Promise<boolean>;

/** What runs of this host have left that are over. */
export function leftBehind({ self }: Pick<Sweepers, 'self'>, ledger: RunLedger): IsMeant {
  return async (entry) => {
    const run = runOf(entry);
    return run !== null && makerOf(entry) === self.address && !(await ledger.has(run));
  };
}

export async function sweepMappings({ subject, self, second }: Sweepers, isMeant: IsMeant): Promise<Sweep> {
  const deleted: TableEntry[] = [];
  const left: TableEntry[] = [];
  for (const service of subject.services.filter(isConnection)) {
    const bound = serviceUnderTest(service, self, () => undefined);
    if (bound.isErr()) continue;
    const found = await remains(bound.value, isMeant);
    for (const { remoteHost, externalPort, protocol, internalClient } of found) {
      const key = keyOf({ NewRemoteHost: remoteHost, NewExternalPort: externalPort, NewProtocol: protocol });
      // There are gateways that let a mapping be deleted only by the host that it leads to.
      const from = internalClient === second?.address ? second : self;
      // What came of it the table tells: there are gateways that say that they did, and did not.
      await bound.value.call('DeletePortMapping', key, { from }).unwrapOr(null);
    }
    const still = found.length === 0 ? [] : await remains(bound.value, isMeant);
    left.push(...still);
    deleted.push(...compareTables(found, still).missing);
  }
  return { deleted, left };
}

async function remains(service: ServiceUnderTest, isMeant: IsMeant): Promise<readonly TableEntry[]> {
  const { entries } = await readMappingTable(service);
  const meant = await Promise.all(entries.map(isMeant));
  return entries.filter((_, index) => meant[index] === true);
}

export function isConnection({ name }: DescribedService): boolean {
  return name === 'WANIPConnection' || name === 'WANPPPConnection';
}

/** The name of the run that a mapping's description tells of; null: it tells of none. */
export function runOf({ description }: TableEntry): string | null {
  // There are routers that make dots of spaces (FRITZ!Box).
  return new RegExp(`^${DESCRIPTION_PREFIX}[ .]([0-9a-f]{8})(?:[ .]|$)`).exec(description)?.[1] ?? null;
}

/**
 * The address of the host whose run has made a mapping; null: nobody can tell. Where the description does not say so, cut
 * off by the gateway maybe, it is the host that the mapping leads to, on a port of those that the suite asks for: from
 * 40000, and 0 for all of them.
 */
function makerOf({ description, externalPort, internalClient }: TableEntry): string | null {
  const rest = description.slice(`${DESCRIPTION_PREFIX} 1a2b3c4d `.length);
  const named = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:]+)(?=[ .]|$)/.exec(rest)?.[0];
  if (named !== undefined) return named;
  return externalPort === 0 || externalPort >= FIRST_PORT ? internalClient : null;
}
