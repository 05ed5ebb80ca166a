import { assertArguments, NUMBER, optional, options as optionsOf, withFunctions } from '@portwright/core/internal';

/** What has to be given back before a process ends. */
export interface Closable {
  close(): PromiseLike<unknown>;
}

export interface CloseOnExitOptions {
  /**
   * Milliseconds after a signal, for all that is to be closed; default 30000. The longest one is waited for that any of
   * them gave; Infinity is 24 days.
   */
  readonly patienceMs?: number | undefined;
}

const CLOSABLE = withFunctions('a keeper, a kept mapping, or another object with close()', 'close');

const OPTIONS = optionsOf({ patienceMs: optional(NUMBER) });

/** A timer that is to wait for longer does not wait at all. */
const LONGEST_TIMER_MS = 2_147_483_647;

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * A gateway that does not answer must not keep a process from ending. For one that is slow: a renewal that is under way
 * may take 20 seconds, and giving back takes 5 more, and a fifth of one for each mapping after the first.
 */
const PATIENCE_MS = 30_000;

interface Registration {
  readonly closable: Closable;
  readonly patienceMs: number;
}

/** Of the whole process: were each to end it by itself, the first to be done would do so before the others are. */
const registered = new Set<Registration>();
let closing: Promise<void> | null = null;

/**
 * Closes a keeper, or a kept mapping, when the process ends: on SIGINT, SIGTERM and SIGHUP, which then end it as they
 * would have, and when there is nothing left to do. Any number of them are closed side by side, and all are waited for. A
 * second signal ends the process at once. Not on process.exit() and not on a crash, where nothing asynchronous can be done
 * any more: that is what the journal is for.
 *
 * @returns a function that takes it back
 * @throws PortwrightException (`invalid-argument`) for what can't be closed
 */
export function closeOnExit(closable: Closable, options: CloseOnExitOptions = {}): () => void {
  assertArguments(['closable', closable, CLOSABLE], ['options', options, OPTIONS]);
  const { patienceMs = PATIENCE_MS } = options;
  if (registered.size === 0 && closing === null) listen();
  const registration = { closable, patienceMs };
  registered.add(registration);
  return () => {
    if (registered.delete(registration) && registered.size === 0 && closing === null) stopListening();
  };
}

function listen(): void {
  for (const signal of SIGNALS) process.on(signal, end);
  process.on('beforeExit', idle);
}

function stopListening(): void {
  for (const signal of SIGNALS) process.off(signal, end);
  process.off('beforeExit', idle);
}

function end(signal: NodeJS.Signals): void {
  // The next one does what it does by default, and so does this one in the end.
  stopListening();
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    const patienceMs = Math.max(0, ...[...registered].map((one) => one.patienceMs));
    timer = setTimeout(resolve, Math.min(patienceMs, LONGEST_TIMER_MS));
  });
  void Promise.race([closeAll(), patience]).then(() => {
    clearTimeout(timer);
    process.kill(process.pid, signal);
  });
}

function idle(): void {
  void closeAll();
}

function closeAll(): Promise<void> {
  closing ??= closeRegistered().finally(() => {
    closing = null;
    stopListening();
  });
  return closing;
}

/** What is added meanwhile, too. */
async function closeRegistered(): Promise<void> {
  while (registered.size > 0) {
    const all = [...registered];
    // That one can't be closed is no reason to leave another open.
    await Promise.allSettled(all.map(async ({ closable }) => closable.close()));
    for (const one of all) registered.delete(one);
  }
}
