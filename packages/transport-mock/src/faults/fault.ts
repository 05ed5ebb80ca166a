import type { HttpRequest, HttpResponse, RandomPort } from '@portwright/core';
import type { Result } from 'neverthrow';
import type { Duration } from '../clock/duration.ts';
import type { ActionCall, ActionFault, ActionOutput } from '../gateway/action.ts';
import type { GatewayOptions } from '../gateway/gateway-options.ts';
import type { HttpOutcome, ReplyDatagram } from '../network/network-host.ts';

/**
 * Something that goes wrong. It is declared once, as data with a few functions, and the declaration is all that there is
 * to add: the documentation's table, the names that `inject` takes and the tests' list follow from it.
 */
export interface FaultDefinition {
  /** The row of the fault model (docs/faults.md) that it belongs to; several faults may be variants of one row. */
  readonly row: number;
  /** What goes wrong, in a few words. */
  readonly what: string;
  /** What a robust client does about it. */
  readonly remedy: string;
  /** The mounts on which it shows as itself; default `all`. On others a fault of the wire shows as its consequence. */
  readonly mounts?: 'all' | 'sockets' | undefined;
  /** What it does. Called for each injection, so that each has a memory of its own. */
  readonly hooks: (environment: FaultEnvironment) => FaultHooks;
}

/** What a fault may use. */
export interface FaultEnvironment {
  /** Seeded, and the fault's own: its choices don't depend on what else is random. */
  readonly random: RandomPort;
  /** The gateway's clock, in milliseconds. */
  now(): number;
  readonly controls: FaultControls;
}

/** What a person could do to the machine. */
export interface FaultControls {
  reboot(): void;
  changeExternalAddress(address: string): void;
  setWanLink(isUp: boolean): void;
  /** Forgets every mapping, as some routers do, without a word. */
  dropMappings(): void;
  /** The clients' network changes under them: other addresses, another subnet. */
  changeNetwork(): void;
}

/** The points at which a fault can step in, from the network inwards. Each is optional. */
export interface FaultHooks {
  /** Options that are different while it is injected. */
  readonly options?: GatewayOptions | undefined;
  /** Once, when it comes due: at the first request that matches, or, for one without `on` and `nth`, at its time. */
  readonly strike?: (() => void) | undefined;
  /** The answers to a search, each with its delay: to be dropped, doubled, delayed, changed. */
  readonly search?:
    | ((answers: readonly ReplyDatagram[], search: SearchContext) => readonly ReplyDatagram[])
    | undefined;
  /** Around an action: carries it out, or doesn't, and says what came of it, truly or not. */
  readonly action?:
    | ((
        call: ActionCall & { readonly action: string },
        carryOut: () => Result<ActionOutput, ActionFault>,
      ) => Result<ActionOutput, ActionFault>)
    | undefined;
  /** The answer to a request, of any kind. */
  readonly response?: ((response: HttpResponse, request: RequestContext) => HttpResponse) | undefined;
  /** What comes of a request: the answer may not get through, or in another form. */
  readonly outcome?: ((outcome: HttpOutcome, request: RequestContext) => HttpOutcome) | undefined;
}

export interface SearchContext {
  readonly target: string | null;
  readonly isMulticast: boolean;
}

/** A request, and what it is for. */
export interface RequestContext {
  readonly request: HttpRequest;
  readonly caller: string;
  readonly purpose: RequestPurpose;
  /** The action that a control request calls, as its SOAPACTION says; else null. */
  readonly action: string | null;
}

export type RequestPurpose = 'description' | 'scpd' | 'control' | 'event' | 'other';

/** When an injected fault happens. Without any of these: always, from now on. */
export interface InjectOptions {
  /**
   * What it happens to: the name of an action, or a kind of request, or `search` for the answers to searches. Default:
   * everything that it can happen to.
   */
  readonly on?: RequestPurpose | 'search' | (string & {}) | undefined;
  /** Only at the nth of what matches `on`, counted from the injection; from 1. */
  readonly nth?: number | undefined;
  /** How often at most. Default: once with `nth`, else without end. */
  readonly times?: number | undefined;
  /** Not before this much time has passed on the gateway's clock. */
  readonly after?: Duration | undefined;
  /** Not once this much time has passed since the injection. */
  readonly until?: Duration | undefined;
  /** How likely, each time; default 1. */
  readonly probability?: number | undefined;
  /** Of the fault's own randomness. Default: follows from the gateway's seed and the number of injections. */
  readonly seed?: number | undefined;
}

/** A fault in place. */
export interface InjectedFault {
  readonly name: string;
  /** How often it has happened. */
  readonly hits: number;
  /** Takes it back. What it has done stays done. */
  remove(): void;
}
