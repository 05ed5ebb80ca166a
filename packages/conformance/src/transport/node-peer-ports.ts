import type { TransportError } from '@portwright/core';
import type { Result } from '@portwright/core/result';

/** Below the ranges from which systems choose: Linux begins at 32768, others at 49152 (RFC 6335, 6). */
const FIRST = 10_000;
const COUNT = 10_000;
/** How many ports may be other programs' before it is given up. */
const TRIES = 20;

/** Processes that run side by side begin apart: their ids are close to one another. */
let given = (process.pid * 199) % COUNT;

/**
 * Binds to a port that stays free when it is closed again. One that the system has chosen may be chosen for somebody else a
 * moment later, and then a port on which nobody listened has a listener.
 */
export async function bindLastingPort<T>(
  bind: (port: number) => Promise<Result<T, TransportError>>,
): Promise<Result<T, TransportError>> {
  for (let tries = 1; ; tries += 1) {
    given = (given + 1) % COUNT;
    const bound = await bind(FIRST + given);
    if (bound.isOk() || tries === TRIES) return bound;
  }
}
