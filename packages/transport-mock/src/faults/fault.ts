import type { Endpoint, HttpRequest, HttpResponse, RandomPort } from '@portwright/core';
import type { Result } from '@portwright/core/result';
import type { Duration } from '../clock/duration.ts';
import type { ActionCall, ActionFault, ActionOutput } from '../gateway/model.ts';
import type { GatewayConfig, GatewayOptions } from '../gateway/gateway-options.ts';
import type { HttpOutcome, ReplyDatagram } from '../network/network-host.ts';
import type { Inbound, InboundDatagram } from '../network/wan-side.ts';
import type { AnnouncementKind } from '../ssdp/responder.ts';
import type { TestSetup } from '../test-setup.ts';

/**
 * Something that goes wrong: data and a few functions. The declaration is all that there is to add: `pnpm fix` writes the
 * names that `inject` takes and the rows of the documentation, and records the outcome of the mapping test.
 */
export interface FaultDefinition {
  /** The row of the fault model (docs/faults.md) that it belongs to; several faults may be variants of one row. */
  readonly row: number;
  /** What goes wrong, in a few words. */
  readonly what: string;
  /** What a robust client does about it. */
  readonly remedy: string;
  /**
   * What it can happen to: names of actions, kinds of requests, `search`. Default: searches with a `search` hook,
   * `pcp` and `nat-pmp` with a `portControl` hook, control requests with an `action` hook, every request with `outcome` or `response`, everything that is asked with
   * `options` or `strike`; `announcement`, `notification` and `inbound` with the hooks of these names.
   */
  readonly on?: readonly string[] | undefined;
  /**
   * The mounts on which it shows as itself; default `all`. A fault of the wire needs `sockets`: on other mounts it shows
   * as its consequence. `memory`: only there has the client a network that can change.
   */
  readonly mounts?: 'all' | 'sockets' | 'memory' | undefined;
  readonly testSetup?: FaultTestSetup | undefined;
  /** What it does. Called for each injection, so that each has a memory of its own. */
  readonly hooks: (environment: FaultEnvironment) => FaultHooks;
}

export interface FaultTestSetup extends TestSetup {
  /** When the fault happens. Default: always. */
  readonly when?: InjectOptions | undefined;
  /** The router with the fault. Default: by the book, in version 2. */
  readonly router?: GatewayOptions | undefined;
  /** Whether the client listens to no events, which would tell it the truth. Default: false. */
  readonly withoutEvents?: boolean | undefined;
  /** Whether a second router, without a fault, is on the network. Default: false. */
  readonly hasNeighbour?: boolean | undefined;
  /** The address families that the client searches. Default: IPv4. */
  readonly families?: readonly ('ipv4' | 'ipv6')[] | undefined;
}

/** What a fault may use. */
export interface FaultEnvironment {
  /** Seeded, and the fault's own: its choices don't depend on what else is random. */
  readonly random: RandomPort;
  /** The gateway's clock, in milliseconds. */
  now(): number;
  /** The gateway's options as they are now. */
  config(): GatewayConfig;
  readonly controls: FaultControls;
}

/** What a person could do to the machine. */
export interface FaultControls {
  reboot(): void;
  changeExternalAddress(address: string): void;
  setWanLink(isUp: boolean): void;
  /** Forgets every mapping, as some routers do, without a word. */
  dropMappings(): void;
  /** A datagram that anybody has sent to a group, on every mount that can send from that address. */
  multicast(payload: Uint8Array, from: Endpoint, to: Endpoint): void;
  /** The clients' network changes under them: other addresses, another subnet. */
  changeNetwork(): void;
}

/**
 * Stands around something that the gateway does: lets it go on, with the subject as it is or changed, or doesn't, and
 * says what comes of it, truly or not.
 */
export type Around<Subject, Value> = (subject: Subject, proceed: (changed?: Subject) => Value) => Value;

/** The points at which a fault can step in. Each is optional. */
export interface FaultHooks {
  /** Options that are different while it happens: merged over the gateway's own, objects property by property. */
  readonly options?: GatewayOptions | undefined;
  /**
   * Something that happens at a moment: at a request that matches, before it is looked at, or, without `on` and `nth`,
   * when its time has come. Once, unless `times` says more.
   */
  readonly strike?: (() => void) | undefined;
  /** The answers to a search, each with its delay: to be dropped, doubled, delayed, changed. */
  readonly search?:
    ((answers: readonly ReplyDatagram[], search: SearchContext) => readonly ReplyDatagram[]) | undefined;
  /** The answers to a request to UDP port 5351, each with its delay. */
  readonly portControl?:
    ((answers: readonly ReplyDatagram[], request: PortControlContext) => readonly ReplyDatagram[]) | undefined;
  /** Around a request's way through the network: the answer may not get through, or in another form. */
  readonly outcome?: Around<RequestContext, HttpOutcome> | undefined;
  /** Around the gateway's answering a request. Without `proceed` nothing is carried out. */
  readonly response?: Around<RequestContext, HttpResponse> | undefined;
  /** Around the carrying out of an action, with arguments that have been checked. */
  readonly action?: Around<InterceptedCall, Result<ActionOutput, ActionFault>> | undefined;
  /** The messages of one set that the gateway is about to multicast, by SSDP, PCP or NAT-PMP. */
  readonly announcement?:
    | ((messages: readonly Uint8Array[], kind: AnnouncementKind | PortControlOccasion) => readonly Uint8Array[])
    | undefined;
  /** An event on its way to a subscriber. Null: it is not sent, and nobody knows. */
  readonly notification?: ((request: HttpRequest) => HttpRequest | null) | undefined;
  /** Around what comes of a datagram from the WAN to the external address. */
  readonly inbound?: Around<InboundDatagram, Inbound> | undefined;
}

export interface SearchContext {
  readonly target: string | null;
  readonly isMulticast: boolean;
  /** MX, in seconds; null when the search has none. */
  readonly maximumWait: number | null;
}

/** A datagram to UDP port 5351. */
export interface PortControlContext {
  readonly protocol: PortControlOccasion;
  readonly payload: Uint8Array;
}

/** What `on` may say for it. */
export type PortControlOccasion = 'pcp' | 'nat-pmp';

/** A request, and what it is for. */
export interface RequestContext {
  readonly request: HttpRequest;
  readonly caller: string;
  readonly purpose: RequestPurpose;
  /** The action that a control request calls, as its SOAPACTION says; else null. */
  readonly action: string | null;
}

/** An action that was called, by its name. */
export type InterceptedCall = ActionCall & { readonly action: string };

/** What happens without a client's request: see the hooks of these names. */
export type UnaskedOccasion = 'announcement' | 'notification' | 'inbound';

export type RequestPurpose = 'description' | 'scpd' | 'control' | 'event' | 'other';

/** When an injected fault happens. Without any of these: always, from now on. */
export interface InjectOptions {
  /**
   * What it happens to: the name of an action, or a kind of request, `search` for the answers to searches, `pcp` or
   * `nat-pmp`. Default:
   * everything that it can happen to.
   */
  readonly on?: RequestPurpose | 'search' | PortControlOccasion | UnaskedOccasion | (string & {}) | undefined;
  /** Only at the nth of what it can happen to, and `on` names, counted from the injection; from 1. */
  readonly nth?: number | undefined;
  /** How often at most, from 1. Default: once with `nth` and for what strikes at a moment, else without end. */
  readonly times?: number | undefined;
  /** Not before this much time has passed on the gateway's clock. */
  readonly after?: Duration | undefined;
  /** Not once this much time has passed since the injection. */
  readonly until?: Duration | undefined;
  /** How likely, each time: above 0, at most 1. Default: 1. */
  readonly probability?: number | undefined;
  /** Of the fault's own randomness. Default: follows from the gateway's seed and the number of injections. */
  readonly seed?: number | undefined;
}

/** A fault in place. */
export interface InjectedFault {
  readonly name: string;
  /** How often it has come into play. */
  readonly hits: number;
  /** Takes it back. What it has done stays done. */
  remove(): void;
}
