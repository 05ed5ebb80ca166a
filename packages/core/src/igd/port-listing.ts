import { err, ok, type Result } from '../result.ts';
import type { MalformedError } from '../errors.ts';

import { parseXml, type Recovery } from '../xml/parse.ts';
import { parseDamagedXml } from '../xml/parse-damaged.ts';
import { decodeArguments } from './arguments.ts';
import type { ActionOutput } from './declaration.ts';
import type { WanIpConnection } from './wan-ip-connection.ts';

/** An entry of a mapping table, in the names of GetGenericPortMappingEntry. */
export type PortMappingEntry = ActionOutput<WanIpConnection, 'GetGenericPortMappingEntry'>;

/**
 * A row of the table that can't be read as a mapping: what is wrong with it, and its `text`. FRITZ!Boxes list ranges of
 * ports (27005-27015), other routers the protocols TCP/UDP and BOTH.
 */
export interface UnreadableMapping extends MalformedError {
  /**
   * The values of the row, with spaces between them; empty where it has none, or was refused. Untrusted, at most 200
   * characters, without control characters.
   */
  readonly text: string;
}

/** An entry of a PortListing (WANIPConnection:2, 2.3.25): two names differ from those of the actions. */
const entryTypes = {
  NewRemoteHost: 'string?',
  NewExternalPort: 'ui2',
  NewProtocol: 'protocol',
  NewInternalPort: 'ui2',
  NewInternalClient: 'string',
  NewEnabled: 'boolean?',
  NewDescription: 'string?',
  NewLeaseTime: 'ui4?',
} as const;

export interface PortListing {
  readonly entries: readonly PortMappingEntry[];
  readonly unreadable: readonly UnreadableMapping[];
  /** Why the document is not well-formed: entries of it, or texts in them, may be missing. Null if it is. */
  readonly damage: MalformedError | null;
}

/** Reads the entries of a listing that is not well-formed: one raw `<` in a description must not hide the others. */
const readDamaged: Recovery = (text, damage) => {
  const PortMappingEntry = Object.keys(entryTypes);
  const names = { '': ['PortMappingList'], PortMappingList: ['PortMappingEntry'], PortMappingEntry };
  const root = parseDamagedXml(text, names);
  return root === undefined ? err(damage) : ok({ ...root, damage });
};

/**
 * The entries of a PortListing, the XML document that GetListOfPortMappings answers as a text. One entry that can't be read
 * does not hide the others.
 */
export function decodePortListing(listing: string): Result<PortListing, MalformedError> {
  if (listing.trim() === '') return ok({ entries: [], unreadable: [], damage: null });
  return parseXml(listing, readDamaged).map((root) => {
    const rows = root.children.filter(({ name }) => name === 'PortMappingEntry');
    const decoded = rows.map((row) => decodeArguments(entryTypes, row));
    const entries = decoded.flatMap((row): PortMappingEntry[] => {
      if (row.isErr()) return [];
      const { NewDescription, NewLeaseTime, ...same } = row.value;
      return [
        { ...same, NewPortMappingDescription: NewDescription, NewLeaseDuration: NewLeaseTime } as PortMappingEntry,
      ];
    });
    const unreadable = decoded.flatMap((row) => (row.isErr() ? [row.error] : []));
    return { entries, unreadable, damage: root.damage ?? null };
  });
}
