/**
 * Loads what the rest of the run will need while the network is awaited: Node compiles its HTTP client and its terminal
 * streams on first use, some milliseconds that an answer would otherwise wait for.
 */
export function warmUp(): void {
  // After the search has been sent, which takes a few turns of the event loop, and before an answer is likely.
  setTimeout(() => {
    process.getBuiltinModule('node:http');
    // The getter makes the stream.
    void process.stdout;
  }, WAIT_MS).unref();
}

const WAIT_MS = 5;
