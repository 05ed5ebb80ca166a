import type { SoapAnswer } from '../wire/soap-answer.ts';
import { latin1, readUtf8 } from '../wire/text.ts';
import type { ServiceUnderTest, Values } from './service-under-test.ts';

/** An entry of the mapping table, as far as it can be read. */
export interface TableEntry {
  readonly remoteHost: string;
  readonly externalPort: number;
  readonly protocol: string;
  readonly internalPort: number;
  readonly internalClient: string;
  /** Null: it can't be told. */
  readonly isEnabled: boolean | null;
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
    const values = answer.value.values ?? illFormedEntry(answer.value);
    if (values === null) return { entries, end: answer.value };
    entries.push(toEntry(values));
  }
  return { entries, end: null };
}

const FIELDS = [
  'NewRemoteHost',
  'NewExternalPort',
  'NewProtocol',
  'NewInternalPort',
  'NewInternalClient',
  'NewEnabled',
  'NewPortMappingDescription',
];

/**
 * The fields of an answer that is no XML. miniupnpd keeps references in descriptions as they came, and cuts them off at 63
 * characters, in the middle of one maybe: such an entry must not hide itself and all behind it. @returns null: it is none
 */
function illFormedEntry({ response: { status, body }, envelope }: SoapAnswer): Values | null {
  if (status !== 200 || envelope !== null) return null;
  const text = readUtf8(body).unwrapOr(latin1(body));
  const fields = FIELDS.flatMap((name) => {
    const tag = text.indexOf(`<${name}`);
    const start = tag < 0 ? 0 : text.indexOf('>', tag) + 1;
    // The last one: a description may have an end tag in it.
    const end = text.lastIndexOf(`</${name}>`);
    return start > 0 && end >= start ? [[name, text.slice(start, end)] as const] : [];
  });
  const values = new Map(fields);
  return values.has('NewExternalPort') && values.has('NewProtocol') ? values : null;
}

function toEntry(values: Values): TableEntry {
  const text = (name: string): string => values.get(name)?.trim() ?? '';
  return {
    remoteHost: text('NewRemoteHost'),
    externalPort: Number(text('NewExternalPort')),
    protocol: text('NewProtocol'),
    internalPort: Number(text('NewInternalPort')),
    internalClient: text('NewInternalClient'),
    isEnabled: booleanOf(text('NewEnabled')),
    description: text('NewPortMappingDescription'),
  };
}

/** UDA 1.0, 2.3: 0 or 1; the words are deprecated. */
function booleanOf(text: string): boolean | null {
  if (/^(?:1|true|yes)$/i.test(text)) return true;
  return /^(?:0|false|no)$/i.test(text) ? false : null;
}

/** An entry, for people: `TCP 41234 to 192.168.1.2:80, "a game"`. */
export function entryText(entry: TableEntry): string {
  const { protocol, remoteHost, externalPort, internalClient, internalPort, isEnabled, description } = entry;
  const from = remoteHost === '' ? '' : ` from ${remoteHost}`;
  const off = isEnabled === false ? ', disabled' : '';
  const named = protocol === '' ? 'protocol ""' : protocol;
  return `${named} ${externalPort}${from} to ${internalClient}:${internalPort}${off}, "${description}"`;
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
