import type { Transport } from '@portwright/core';
import { checkArguments, optional, options as optionsOf, A_TRANSPORT, withFunctions } from '@portwright/core/internal';
import { ResultAsync } from '@portwright/core/result';
import type { Caller } from '../bench/caller.ts';
import { DESCRIPTION_PREFIX } from '../bench/mappings.ts';
import { compareTables, readMappingTable, type TableEntry } from '../bench/mapping-table.ts';
import { FIRST_PORT } from '../bench/ports.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../bench/service-under-test.ts';
import type { DescribedService, Subject } from '../bench/subject.ts';
import { NO_LEDGER, type RunLedger } from './run-ledger.ts';
import { waysToDelete } from './ways-to-delete.ts';
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

/** Deletes them in every way that is known of. */
export async function sweepMappings(sweepers: Sweepers, isMeant: IsMeant): Promise<Sweep> {
  const { subject, self } = sweepers;
  const deleted: TableEntry[] = [];
  const left: TableEntry[] = [];
  for (const service of subject.services.filter(isConnection)) {
    const bound = serviceUnderTest(service, self, () => undefined);
    if (bound.isErr()) continue;
    const { meant: found, others } = await divide(bound.value, isMeant);
    let still = found;
    // A later way is tried on what an earlier one has left.
    for (let round = 0; still.length > 0; round += 1) {
      const attempts = still.flatMap((entry) => {
        const attempt = waysToDelete(bound.value, sweepers, entry, others)[round];
        return attempt === undefined ? [] : [attempt];
      });
      if (attempts.length === 0) break;
      for (const attempt of attempts) await attempt();
      still = (await divide(bound.value, isMeant)).meant;
    }
    left.push(...still);
    deleted.push(...compareTables(found, still).missing);
  }
  return { deleted, left };
}

/** The table: the entries that are to be deleted, and the others. */
async function divide(
  service: ServiceUnderTest,
  isMeant: IsMeant,
): Promise<Readonly<Record<'meant' | 'others', readonly TableEntry[]>>> {
  const { entries } = await readMappingTable(service);
  const answers = await Promise.all(entries.map(isMeant));
  const those = (answer: boolean): readonly TableEntry[] => entries.filter((_, index) => answers[index] === answer);
  return { meant: those(true), others: those(false) };
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
