import type { PortMapping } from '@portwright/core';
import { printable } from '@portwright/core';
import { lease } from './phrases.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

export function mappingTable(terminal: Terminal, mappings: readonly PortMapping[]): string {
  return table(
    terminal,
    [
      { title: 'PROTOCOL' },
      { title: 'EXTERNAL', side: 'right' },
      { title: 'INTERNAL' },
      { title: 'LEASE' },
      { title: 'DESCRIPTION', isFlexible: true },
    ],
    mappings.map((mapping) => [
      mapping.protocol,
      mapping.externalPort === 0 ? 'all' : String(mapping.externalPort),
      `${printable(mapping.internalClient)}:${mapping.internalPort}`,
      lease(mapping),
      remarks(mapping),
    ]),
  );
}

/** The description, and whether the mapping is disabled or limited to a remote host. */
function remarks({ description, enabled, remoteHost }: PortMapping): string {
  const from = remoteHost === '' ? '' : `only from ${printable(remoteHost)}`;
  const off = enabled === false ? 'disabled' : '';
  const notes = [off, from].filter((note) => note !== '').join(', ');
  return `${printable(description ?? '')}${notes === '' ? '' : ` (${notes})`}`.trim();
}
