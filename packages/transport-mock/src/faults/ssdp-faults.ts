import type { FaultDefinition } from './fault.ts';

/** What goes wrong with searches and their answers. */
export const SSDP_FAULTS = {
  'udp-loss': {
    row: 1,
    what: 'datagrams are lost',
    remedy: 'three M-SEARCHes, spaced',
    hooks: () => ({ search: () => [] }),
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;
