import { ok, type Result } from '../result.ts';
import type { MalformedError } from '../errors.ts';

import { parseXml } from '../xml/parse.ts';
import { decodeArguments } from './arguments.ts';
import type { ActionOutput } from './declaration.ts';
import type { WanIpConnection } from './wan-ip-connection.ts';

/** An entry of a mapping table, in the names of GetGenericPortMappingEntry. */
export type PortMappingEntry = ActionOutput<WanIpConnection, 'GetGenericPortMappingEntry'>;

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

/**
 * The entries of a PortListing, the XML document that GetListOfPortMappings answers as a text. An entry that can't be
 * read is left out and counted, so that one bad row does not hide the rest.
 */
export function decodePortListing(
  listing: string,
): Result<{ readonly entries: readonly PortMappingEntry[]; readonly unreadable: number }, MalformedError> {
  if (listing.trim() === '') return ok({ entries: [], unreadable: 0 });
  return parseXml(listing).map((root) => {
    const rows = root.children.filter(({ name }) => name === 'PortMappingEntry');
    const entries = rows.flatMap((row): PortMappingEntry[] => {
      const texts = new Map(row.children.map((child) => [child.name, child.text]));
      return decodeArguments(entryTypes, texts).match(
        ({ NewDescription, NewLeaseTime, ...same }) => [
          { ...same, NewPortMappingDescription: NewDescription, NewLeaseDuration: NewLeaseTime } as PortMappingEntry,
        ],
        () => [],
      );
    });
    return { entries, unreadable: rows.length - entries.length };
  });
}
