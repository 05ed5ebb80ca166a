import type { FaultDefinition } from './fault.ts';

const NULL = 'returns null, without an error';

/** What is wrong with single values. */
export const VALUE_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  'uptime-as-text': {
    row: 50,
    what: 'the uptime is text: 0 Days, 01:00:00 (TP-Link)',
    remedy: NULL,
    on: ['GetStatusInfo'],
    hooks: () => ({ options: { reports: { uptimeFormat: 'days-and-time' } } }),
  },
  'empty-status': {
    row: 50,
    what: 'the connection status is empty',
    remedy: NULL,
    on: ['GetStatusInfo'],
    hooks: () => ({ options: { reports: { connectionStatus: '' } } }),
  },
};
