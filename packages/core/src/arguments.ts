/**
 * What may stand in the place of an argument. Callers in JavaScript have no compiler to tell them, so every public
 * function checks its arguments here first, and its error says what was passed and what belongs there.
 *
 * For the packages of Portwright; programs have no need of it.
 */
import { err, ok, type Result } from './result.ts';
import type { InvalidArgumentError } from './errors.ts';
import { isResult, orThrow } from './exception.ts';
import { invalidArgument } from './invalid-argument.ts';

/** What may stand in the place of an argument, in words, whether a value is that, and what to pass instead of others. */
export type Kind = readonly [expected: string, is: (value: unknown) => boolean, instead?: readonly Instead[]];

/** What is passed by mistake in the place of one kind, and the hint. */
type Instead = readonly [is: (value: unknown) => boolean, hint: string];

/** Judges a value by more than one kind: undefined where it belongs there. */
export type Judge = (value: unknown, argument: string) => InvalidArgumentError | undefined;

export type Check = Kind | Judge;

/** An argument, what was passed, and what belongs there. */
export type Passed = readonly [argument: string, value: unknown, check: Check];

type Anything = Readonly<Record<string, unknown>>;

/** The first argument that is wrong. Nothing is read of a value but by its check. */
export function checkArguments(...all: readonly Passed[]): Result<void, InvalidArgumentError> {
  for (const [argument, value, check] of all) {
    const error = judge(check, value, argument);
    if (error !== undefined) return err(error);
  }
  return ok(undefined);
}

/**
 * The same for a function whose answer has no room for an error.
 *
 * @throws {@link PortwrightException} with the `invalid-argument` error
 */
export function assertArguments(...all: readonly Passed[]): void {
  orThrow(checkArguments(...all));
}

function judge(check: Check, value: unknown, argument: string): InvalidArgumentError | undefined {
  if (typeof check === 'function') return check(value, argument);
  const [expected, is, instead = []] = check;
  if (is(value)) return undefined;
  const [, found, general] = [...LOOKALIKES, ...HOLDERS].find(([isOne]) => isOne(value)) ?? [];
  const [, hint = general] = instead.find(([isOne]) => isOne(value)) ?? [];
  return invalidArgument(value === undefined ? 'missing' : 'wrong-type', argument, expected, value, found, hint);
}

/** Whether a value has properties, and is no function. */
export function isObject(value: unknown): value is Anything {
  return typeof value === 'object' && value !== null;
}

/** Whether an object has functions at these places, such as `http.request`. */
function offers(value: unknown, ...places: readonly string[]): boolean {
  for (const place of places) {
    const [first = '', second] = place.split('.', 2);
    const at = (value as Anything | null | undefined)?.[first];
    if (typeof (second === undefined ? at : (at as Anything | null | undefined)?.[second]) !== 'function') return false;
  }
  return true;
}

/** Also of another realm, such as a test environment's. */
function isBytes(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function isTransport(value: unknown): boolean {
  return offers(value, 'http.request', 'datagram.open', 'interfaces.list', 'clock.now', 'random.fraction');
}

function isGateway(value: unknown): boolean {
  return offers(value, 'connection.call') && isTransport((value as Anything)['transport']);
}

function isPortMapper(value: unknown): boolean {
  return offers(value, 'map', 'renew', 'release', 'watch');
}

function isFile(value: unknown): boolean {
  return offers(value, 'read', 'write');
}

/** What a search for gateways gives. */
function hasGateway(value: unknown): boolean {
  return isObject(value) && isGateway(value['gateway']);
}

/** What a search for mappers gives, and what `mapPort` gives. */
function hasMapper(value: unknown): boolean {
  return isObject(value) && isPortMapper(value['mapper']);
}

type Lookalike = readonly [is: (value: unknown) => boolean, found: string, hint?: string];

/** What is passed by mistake in the place of something else, in words, and what to do about it. */
const LOOKALIKES: readonly Lookalike[] = [
  [isResult, 'a Result', 'Take its value: check isOk() first, or use orThrow().'],
  [(value) => offers(value, 'then'), 'a promise', 'Await it first.'],
  [Array.isArray, 'a list'],
  [isBytes, 'bytes'],
  [isTransport, 'a transport', 'In portwright pass { transport }; in @portwright/core it is the first argument.'],
  [isGateway, 'a gateway'],
  [isPortMapper, 'a port mapper'],
  [(value) => offers(value, 'settled', 'close'), 'a kept mapping', 'Close it by its close(), which unmaps it.'],
  [isFile, 'a file', 'Pass it in an object: { file } to a LeaseStore, { remember } to findMapper.'],
  [(value) => value === 'both', '"both"', 'Only mapPort takes both at once: make one call for TCP and one for UDP.'],
];

/** Options may be such objects, too. */
const HOLDERS: readonly Lookalike[] = [
  [hasGateway, 'an object with a gateway in it'],
  [hasMapper, 'an object with a port mapper in it'],
];

const INSTEAD_OF_GATEWAY: readonly Instead[] = [
  [isPortMapper, "Pass the IGD mapper's gateway: mapper.igd."],
  [hasGateway, 'Pass its .gateway.'],
  [hasMapper, "Pass its mapper's gateway: .mapper.igd."],
  [isTransport, 'Find a gateway first, by findGateway or gatewayAt.'],
];

const INSTEAD_OF_MAPPER: readonly Instead[] = [
  [isGateway, 'Pass igdMapper(gateway), from portwright/upnp or @portwright/core/upnp.'],
  [
    hasGateway,
    'Pass igdMapper(found.gateway), from portwright/upnp or @portwright/core/upnp; or find a mapper by findMapper.',
  ],
  [hasMapper, 'Pass its .mapper.'],
  [isTransport, 'Find a mapper first, by findMapper.'],
];

export const TEXT: Kind = ['a text', (value) => typeof value === 'string'];
export const NUMBER: Kind = ['a number', (value) => typeof value === 'number' && value === value];
export const FLAG: Kind = ['true or false', (value) => typeof value === 'boolean'];
export const FUNCTION: Kind = ['a function', (value) => typeof value === 'function'];
export const OBJECT: Kind = ['an object', isObject];
export const LIST: Kind = ['a list', Array.isArray];
export const BYTES: Kind = ['bytes (a Uint8Array)', isBytes];
export const BYTES_OR_TEXT: Kind = ['bytes or a text', (value) => typeof value === 'string' || isBytes(value)];
export const SIGNAL: Kind = ['an AbortSignal', (value) => offers(value, 'addEventListener', 'removeEventListener')];
const ABORTED: Kind = ['an AbortSignal', (value) => isObject(value) && typeof value['aborted'] === 'boolean'];
export const A_TRANSPORT: Kind = ['a transport', isTransport];
export const GATEWAY: Kind = ['a gateway', isGateway, INSTEAD_OF_GATEWAY];
export const FOUND_GATEWAY: Kind = ['what a search for gateways gives', hasGateway];
export const DESCRIPTION_URL: Kind = [
  "the URL of a gateway's description",
  (value) => typeof value === 'string',
  [
    [
      isGateway,
      'igdMapper(gateway), from portwright/upnp or @portwright/core/upnp, makes a mapper of it without a search.',
    ],
    [hasGateway, 'igdMapper(found.gateway), from portwright/upnp or @portwright/core/upnp, makes a mapper of it.'],
    [isPortMapper, 'There is no need to find it again.'],
  ],
];
export const LEASE_STORE: Kind = ['a lease store', (value) => offers(value, 'ledger', 'entriesOf')];
export const PORT_MAPPER: Kind = ['a port mapper', isPortMapper, INSTEAD_OF_MAPPER];
/** What has functions at these places. */
/* @__NO_SIDE_EFFECTS__ */
export function withFunctions(expected: string, ...places: readonly string[]): Kind {
  return [expected, (value) => offers(value, ...places)];
}

export const FILE: Kind = ['a file, such as nodeFile(path)', isFile];
export const PROTOCOL: Kind = ['TCP or UDP', (value) => typeof value === 'string' && /^(tcp|udp)$/i.test(value)];
const PROTOCOLS: Kind = ['TCP, UDP or both', (value) => typeof value === 'string' && /^(tcp|udp|both)$/i.test(value)];

/** A list whose entries are all of one kind. */
/* @__NO_SIDE_EFFECTS__ */
export function listOf(check: Check): Judge {
  return (value, argument) =>
    Array.isArray(value)
      ? value.map((entry) => judge(check, entry, `each of ${argument}`)).find((error) => error !== undefined)
      : judge(LIST, value, argument);
}

/** One of a few texts. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf(...texts: readonly string[]): Kind {
  return [texts.map((text) => `"${text}"`).join(' or '), (value) => texts.includes(value as string)];
}

/** What may be left out. */
/* @__NO_SIDE_EFFECTS__ */
export function optional(check: Check): Judge {
  return (value, argument) => (value === undefined ? undefined : judge(check, value, argument));
}

/** What may be null. */
/* @__NO_SIDE_EFFECTS__ */
export function nullable(check: Check): Judge {
  return (value, argument) => (value === null ? undefined : judge(check, value, argument));
}

/** Nothing that is something else. */
const AN_OBJECT: Kind = ['an object of options', (value) => isObject(value) && !LOOKALIKES.some(([is]) => is(value))];

/** What an option may be: its name means the same in every function. Those with a range are judged with it. */
const OPTION: Readonly<Record<string, Check>> = {
  allowHostName: FLAG,
  allowPublicAddress: FLAG,
  askState: FLAG,
  atOnce: NUMBER,
  budgetMs: NUMBER,
  deadlineMs: NUMBER,
  description: TEXT,
  families: listOf(oneOf('ipv4', 'ipv6')),
  force: FLAG,
  graceMs: NUMBER,
  interface: TEXT,
  internalClient: TEXT,
  ipv6: FLAG,
  leases: LEASE_STORE,
  locations: AN_OBJECT,
  mapper: PORT_MAPPER,
  policy: FUNCTION,
  port: oneOf('exact', 'any'),
  protocol: PROTOCOL,
  remoteHost: TEXT,
  rewriteToResponder: FLAG,
  signal: SIGNAL,
  targets: listOf(TEXT),
  trustConflicts: FLAG,
  trustDefaultRouter: FLAG,
  unicast: listOf(TEXT),
  verify: FLAG,
};

/**
 * An object: no list, no transport or anything else that is passed by mistake, and each of its options is what it may be.
 *
 * @param also - what has to be there besides, or is something else here
 */
/* @__NO_SIDE_EFFECTS__ */
export function options(also: Readonly<Record<string, Check>> = {}): Judge {
  const checks = { ...OPTION, ...also };
  const names = Object.keys(also);
  return (value, argument) => {
    const error = judge(AN_OBJECT, value, argument);
    if (error !== undefined || !isObject(value)) return error;
    for (const name of names) {
      const wrong = judge(checks[name] as Check, value[name], name);
      if (wrong !== undefined) return wrong;
    }
    // What a caller has inherited is passed, too.
    for (const name in value) {
      const one = value[name];
      const wrong =
        one === undefined || !Object.hasOwn(checks, name) ? undefined : judge(checks[name] as Check, one, name);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

export const OPTIONS: Judge = options();
/** Options whose signal is only polled: an object with `aborted` is enough. */
export const POLLED_OPTIONS: Judge = options({ signal: optional(ABORTED) });
/** The same with a protocol, or with both of them. */
export const MAP_OPTIONS: Judge = options({ signal: optional(ABORTED), protocol: PROTOCOLS });
/** What a gateway has granted; it may have left the description out. */
export const LEASE: Judge = options({ protocol: PROTOCOL, description: optional(nullable(TEXT)) });
export const LEASE_OR_OPTIONS: Judge = options({ description: optional(nullable(TEXT)) });
