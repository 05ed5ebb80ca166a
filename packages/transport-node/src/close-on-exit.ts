/** What has to be given back before a process ends. */
export interface Closable {
  close(): PromiseLike<unknown>;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A gateway that does not answer must not keep a process from ending. */
const PATIENCE_MS = 3000;

/**
 * Closes a keeper, or a kept mapping, when the process ends: on SIGINT, SIGTERM and SIGHUP, which then end it as they
 * would have, and when there is nothing left to do. A second signal ends it at once. Not on process.exit() and not on a
 * crash, where nothing asynchronous can be done any more: that is what the journal is for.
 *
 * @returns a function that takes it back
 */
export function closeOnExit(closable: Closable): () => void {
  const end = (signal: NodeJS.Signals): void => {
    release();
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
    void Promise.race([closable.close(), patience]).then(() => {
      // With no listener left, the signal does what it does by default.
      process.kill(process.pid, signal);
    });
  };
  const idle = (): void => {
    release();
    void closable.close();
  };
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, end);
    process.off('beforeExit', idle);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  process.on('beforeExit', idle);
  return release;
}
