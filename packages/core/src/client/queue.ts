/** Runs pieces of work one after another, in the order they came, whatever becomes of each. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * One queue per gateway: miniupnpd serves one connection at a time with a short backlog, where each connection too many
 * costs a second, and cheaper routers break.
 */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work, work);
    last = done;
    return done;
  };
}
