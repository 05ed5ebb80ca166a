import type { Host } from './host.ts';

/** An answer that comes sooner needs no word. */
const PATIENCE_MS = 400;

/**
 * Tells a person at a terminal what is awaited, if it takes long; gone without a trace when it is over.
 *
 * @returns a function that ends it
 */
export function showProgress({ stderr }: Pick<Host, 'stderr'>, command: string): () => void {
  let isShown = false;
  const timer = setTimeout(() => {
    // Asked here and not before: the question makes the stream.
    if (stderr.isTTY !== true) return;
    isShown = true;
    const what = command === 'discover' ? 'Searching for devices' : 'Looking for the gateway';
    stderr.write(`${what} ... (Ctrl-C ends it)`);
  }, PATIENCE_MS);
  return () => {
    clearTimeout(timer);
    // Back to the first column, and the line erased.
    if (isShown) stderr.write('\r\u001b[K');
  };
}
