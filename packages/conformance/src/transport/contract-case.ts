import type { Transport } from '@portwright/core';
import type { Err } from '@portwright/core/result';
import type { Shortfall } from '../shortfall.ts';
import type { Bench } from './bench.ts';
import type { Ability } from './peer.ts';

/** The ports that have a contract to be checked here. */
export type PortName = 'http' | 'datagram' | 'interfaces' | 'clock' | 'random' | 'events';

/** A port by its name, which is there. */
export type PortOf<Name extends PortName> = NonNullable<Transport[Name]>;

/** One thing that a port promises, without what checks it. */
export interface ContractClause {
  /** `http/header-order`: stable, and the key under which a subject says that it can't do it. */
  readonly id: `${PortName}/${string}`;
  /** The promise, in a sentence. */
  readonly what: string;
  /** Where it is written down: a declaration of the core, a colon, and words of it. */
  readonly clause: string;
  /** What the other end has to be able to do; where it can't, the case is skipped. */
  readonly needs: readonly Ability[];
}

/**
 * A promise and its check. `yield*` of a Result goes on with its value, or ends the check with its shortfall; a check that
 * comes to its end has passed.
 */
export interface ContractCase<Port> extends ContractClause {
  readonly check: (port: Port, bench: Bench) => Steps;
}

export type Steps = AsyncGenerator<Err<never, Shortfall>, void>;
