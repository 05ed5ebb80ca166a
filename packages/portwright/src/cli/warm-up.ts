/**
 * Gets ready for the answer while it is awaited. Node compiles its HTTP client and its terminal streams on first use,
 * and V8 every function: on a network that answers in a few dozen milliseconds, doing all that afterwards would take as
 * long again.
 */
import { rehearse } from './rehearse.ts';

/** The search has been sent by then, which takes a few turns of the event loop, and an answer is hardly there yet. */
const WAIT_MS = 3;

export function warmUp(): void {
  setTimeout(() => {
    process.getBuiltinModule('node:http');
    // The getter makes the stream.
    void process.stdout;
    rehearse();
  }, WAIT_MS);
}
