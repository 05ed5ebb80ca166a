import type { Transport } from '@portwright/core';
import { ResultAsync } from 'neverthrow';
import type { Caller } from '../bench/caller.ts';
import { DESCRIPTION_PREFIX } from '../bench/mappings.ts';
import { compareTables, readMappingTable, type TableEntry } from '../bench/mapping-table.ts';
import { FIRST_PORT } from '../bench/ports.ts';
import { type ServiceUnderTest, serviceUnderTest } from '../bench/service-under-test.ts';
import type { DescribedService, Subject } from '../bench/subject.ts';
import { findTarget, type Target, type TargetError } from './target.ts';

/** What was left behind by earlier runs: what is deleted now, and what could not be. */
export interface Sweep {
  readonly deleted: readonly TableEntry[];
  readonly left: readonly TableEntry[];
}

/**
 * Deletes what a run that crashed has left on a gateway: mappings with a description of the suite's, on its high ports,
 * to this host. Nothing else is touched.
 */
export function sweep(transport: Transport, target: Target): ResultAsync<Sweep, TargetError> {
  return findTarget(transport, target).andThen(({ subject, self }) =>
    ResultAsync.fromSafePromise(sweepMappings(subject, self)),
  );
}

/** @param run - whose mappings; default: any run's */
export async function sweepMappings({ services }: Subject, self: Caller, run?: string): Promise<Sweep> {
  const deleted: TableEntry[] = [];
  const left: TableEntry[] = [];
  for (const service of services.filter(isConnection)) {
    const bound = serviceUnderTest(service, self, () => undefined);
    if (bound.isErr()) continue;
    const found = await remains(bound.value, self, run);
    for (const { remoteHost, externalPort, protocol } of found) {
      const key = { NewRemoteHost: remoteHost, NewExternalPort: externalPort, NewProtocol: protocol };
      // What came of it the table tells: there are gateways that say that they did, and did not.
      await bound.value.call('DeletePortMapping', key).unwrapOr(null);
    }
    const still = found.length === 0 ? [] : await remains(bound.value, self, run);
    left.push(...still);
    deleted.push(...compareTables(found, still).missing);
  }
  return { deleted, left };
}

/** What a run has in the table, and this host may delete. */
async function remains(service: ServiceUnderTest, self: Caller, run?: string): Promise<readonly TableEntry[]> {
  const { entries } = await readMappingTable(service);
  return entries.filter((entry) => entry.internalClient === self.address && isOfRun(entry, run));
}

export function isConnection({ name }: DescribedService): boolean {
  return name === 'WANIPConnection' || name === 'WANPPPConnection';
}

/** Whether a mapping is of a run's making, whoever it leads to. @param run - default: any run */
export function isOfRun({ description, externalPort }: TableEntry, run?: string): boolean {
  // There are routers that make dots of spaces (FRITZ!Box).
  const name = new RegExp(`^${DESCRIPTION_PREFIX}[ .]([0-9a-f]{8})(?:[ .]|$)`).exec(description)?.[1];
  return name !== undefined && (run === undefined || run === name) && externalPort >= FIRST_PORT;
}
