import type { SoapAnswer } from '../wire/soap-answer.ts';
import type { ServiceUnderTest, Values } from './service-under-test.ts';

/** An entry of the mapping table, as far as it can be read. */
export interface TableEntry {
  readonly remoteHost: string;
  readonly externalPort: number;
  readonly protocol: string;
  readonly internalPort: number;
  readonly internalClient: string;
  readonly description: string;
}

/** The mapping table, and how its listing ended. */
export interface MappingTable {
  readonly entries: readonly TableEntry[];
  /** The answer behind the last entry; null: there were more entries than are read, or no answer. */
  readonly end: SoapAnswer | null;
}

/** More than any gateway holds for a household. */
const MAXIMUM_ENTRIES = 1_024;

/** Reads the table by index, to the first answer that is no entry. */
export async function readMappingTable(service: ServiceUnderTest): Promise<MappingTable> {
  const entries: TableEntry[] = [];
  while (entries.length < MAXIMUM_ENTRIES) {
    const answer = await service.call('GetGenericPortMappingEntry', { NewPortMappingIndex: entries.length });
    if (answer.isErr()) return { entries, end: null };
    const { values } = answer.value;
    if (values === null) return { entries, end: answer.value };
    entries.push(toEntry(values));
  }
  return { entries, end: null };
}

function toEntry(values: Values): TableEntry {
  const text = (name: string): string => values.get(name)?.trim() ?? '';
  return {
    remoteHost: text('NewRemoteHost'),
    externalPort: Number(text('NewExternalPort')),
    protocol: text('NewProtocol'),
    internalPort: Number(text('NewInternalPort')),
    internalClient: text('NewInternalClient'),
    description: text('NewPortMappingDescription'),
  };
}

/** Two readings of a table, whatever their order: what is only in the one, and what only in the other. */
export function compareTables(
  before: readonly TableEntry[],
  after: readonly TableEntry[],
): { readonly missing: readonly TableEntry[]; readonly extra: readonly TableEntry[] } {
  const without = (all: readonly TableEntry[], others: readonly TableEntry[]): readonly TableEntry[] => {
    const keys = new Set(others.map((entry) => JSON.stringify(entry)));
    return all.filter((entry) => !keys.has(JSON.stringify(entry)));
  };
  return { missing: without(before, after), extra: without(after, before) };
}
