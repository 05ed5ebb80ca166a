// @ts-check
// A simulated router that is 150 ms away: `node distant-router.mjs ADDRESS`, an address of this host. It prints "ready".
// The kernel delays packets only where it has netem, so the router itself answers as much later.
import { simulateGateway } from '../packages/transport-mock/dist/index.js';
import { serveOnSockets, systemClock } from '../packages/transport-mock/dist/mounts/sockets.js';

/** Milliseconds to the router and back. */
const ROUND_TRIP_MS = 300;

const [, , lanAddress = ''] = process.argv;
const router = simulateGateway({ clock: systemClock(), lanAddress });
router.inject({
  name: 'distant',
  row: 16,
  what: 'an answer takes its time',
  remedy: 'waits for it',
  hooks: () => ({
    search: (found) => found.map((answer) => ({ ...answer, delayMs: answer.delayMs + ROUND_TRIP_MS })),
    outcome: (_context, proceed) => {
      const outcome = proceed();
      return { ...outcome, delayMs: outcome.delayMs + ROUND_TRIP_MS };
    },
  }),
});
const served = await serveOnSockets(router);
if (served.isErr()) throw new Error(served.error.message);
process.stdout.write('ready\n');
