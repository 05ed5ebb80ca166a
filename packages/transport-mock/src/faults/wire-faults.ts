import type { FaultDefinition } from './fault.ts';

/** What goes wrong between an answer and the client that waits for it. */
export const WIRE_FAULTS = {
  'reset-after-request': {
    row: 10,
    what: 'the connection is reset after the request was carried out',
    remedy: 'the outcome is unknown: read before any retry',
    hooks: () => ({
      outcome: ({ delayMs }) => ({
        kind: 'failure',
        code: 'reset',
        cause: 'ECONNRESET',
        delayMs,
        wire: [{ kind: 'reset' }],
      }),
    }),
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;
