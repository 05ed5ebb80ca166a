import { ok, type Result } from '../result.ts';
import type { MalformedError } from '../errors.ts';

import { parseXml } from '../xml/parse.ts';
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
  /** The values of the row, with spaces between them. Untrusted, at most 200 characters, without control characters. */
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
}

/**
 * The entries of a PortListing, the XML document that GetListOfPortMappings answers as a text. One entry that can't be read
 * does not hide the others.
 */
export function decodePortListing(listing: string): Result<PortListing, MalformedError> {
  if (listing.trim() === '') return ok({ entries: [], unreadable: [] });
  return parseXml(listing).map((root) => {
    const rows = root.children.filter(({ name }) => name === 'PortMappingEntry');
    const decoded = rows.map((row) => decodeArguments(entryTypes, row));
    const entries = decoded.flatMap((row): PortMappingEntry[] => {
      if (row.isErr()) return [];
      const { NewDescription, NewLeaseTime, ...same } = row.value;
      return [
        { ...same, NewPortMappingDescription: NewDescription, NewLeaseDuration: NewLeaseTime } as PortMappingEntry,
      ];
    });
    return { entries, unreadable: decoded.flatMap((row) => (row.isErr() ? [row.error] : [])) };
  });
}
