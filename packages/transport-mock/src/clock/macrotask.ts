/**
 * Resolves in a macrotask of its own: every microtask queued by then has run, and so has every one that those queued.
 * The primitive is taken when this module is loaded, so that a test's fake timers, installed later, don't reach it.
 */
export const macrotask: () => Promise<void> =
  typeof setImmediate === 'function' ? withSetImmediate(setImmediate) : withMessageChannel();

function withSetImmediate(queue: (callback: () => void) => unknown): () => Promise<void> {
  return () => new Promise((resolve) => void queue(resolve));
}

/** Browsers and workers have no setImmediate, and their setTimeout waits for 4 ms once it is nested. */
function withMessageChannel(): () => Promise<void> {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.addEventListener('message', () => waiting.shift()?.());
  channel.port1.start();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(null);
    });
}
