/**
 * What may stand in the place of an argument. Callers in JavaScript have no compiler to tell them, so every public
 * function checks its arguments here first, and its error says what was passed and what belongs there.
 *
 * For the packages of Portwright; programs have no need of it.
 */
import { err, ok, type Result } from './result.ts';
import { isBytes } from './bytes.ts';
import type { InvalidArgumentError } from './errors.ts';
import { PortwrightException } from './exception.ts';
import { invalidArgument } from './invalid-argument.ts';

/** As `typeof` has it, but null, lists, bytes and what is no number are types of their own. */
type Type = 'undefined' | 'null' | 'string' | 'number' | 'boolean' | 'function' | 'object' | 'list' | 'bytes' | 'other';

/** Properties of an object: the path to each, such as `http`, `request`, and its type. */
type Members = readonly (readonly [path: readonly string[], type: Type])[];

/** What may stand in the place of an argument. What is left out does not matter. */
export interface Check {
  /** In words. */
  readonly expected: string;
  readonly types?: readonly Type[];
  readonly members?: Members;
  /** One of these texts. */
  readonly texts?: readonly string[];
  /** The texts are in upper case, and lower case will do. */
  readonly isAnyCase?: boolean;
  /** Types that may stand there instead. */
  readonly or?: readonly Type[];
  /** What is passed there by mistake, and the hint. */
  readonly instead?: readonly Mistake[];
  /** Each entry of a list. */
  readonly entries?: Check;
  /** An object of options, which is none of {@link POSING_AS_OPTIONS}: what has to be there, or means something else than usual. */
  readonly options?: Readonly<Record<string, Check>>;
}

/** What is passed by mistake: in words where it stands, and the hint. */
interface Mistake {
  readonly members?: Members;
  readonly types?: readonly Type[];
  readonly texts?: readonly string[];
  readonly found?: string;
  readonly hint?: string;
}

/** An argument, what was passed, and what belongs there. */
export type Passed = readonly [argument: string, value: unknown, check: Check];

type Anything = Readonly<Record<string, unknown>>;

const NONE: Members = [];

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
  const checked = checkArguments(...all);
  if (checked.isErr()) throw new PortwrightException(checked.error);
}

function judge(check: Check, value: unknown, argument: string): InvalidArgumentError | undefined {
  if (check.or?.includes(typeOf(value)) === true) return undefined;
  if (!fits(value, check) || (check.options !== undefined && POSING_AS_OPTIONS.some((one) => fits(value, one)))) {
    return mistaken(check, value, argument);
  }
  if (check.options !== undefined) return judgeOptions(check.options, value as Anything);
  if (check.entries === undefined) return undefined;
  for (const entry of value as readonly unknown[]) {
    const error = judge(check.entries, entry, `each of ${argument}`);
    if (error !== undefined) return error;
  }
  return undefined;
}

function judgeOptions(needed: Readonly<Record<string, Check>>, value: Anything): InvalidArgumentError | undefined {
  for (const name in needed) {
    const error = judge(needed[name] as Check, value[name], name);
    if (error !== undefined) return error;
  }
  // What a caller has inherited is passed, too.
  for (const name in value) {
    const one = value[name];
    if (one === undefined || Object.hasOwn(needed, name) || !Object.hasOwn(OPTION, name)) continue;
    const error = judge(OPTION[name] as Check, one, name);
    if (error !== undefined) return error;
  }
  return undefined;
}

function mistaken({ expected, instead = [] }: Check, value: unknown, argument: string): InvalidArgumentError {
  const { found, hint: usual } = [...LOOKALIKES, ...HOLDERS].find((one) => fits(value, one)) ?? {};
  const { hint = usual } = instead.find((one) => fits(value, one)) ?? {};
  return invalidArgument(value === undefined ? 'missing' : 'wrong-type', argument, expected, value, found, hint);
}

function fits(value: unknown, { types, members = NONE, texts, isAnyCase = false }: Partial<Check>): boolean {
  if (types !== undefined && !types.includes(typeOf(value))) return false;
  if (texts !== undefined && !(typeof value === 'string' && texts.includes(isAnyCase ? value.toUpperCase() : value)))
    return false;
  for (const [path, type] of members) {
    let member = value;
    for (const name of path) member = (member as Anything | null | undefined)?.[name];
    if (typeOf(member) !== type) return false;
  }
  return true;
}

function typeOf(value: unknown): Type {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  const type = typeof value;
  if (type === 'object') return isBytes(value) ? 'bytes' : type;
  return type === 'symbol' || type === 'bigint' || value !== value ? 'other' : type;
}

/** Whether a value has properties, and is no function. */
export function isObject(value: unknown): value is Anything {
  return typeof value === 'object' && value !== null;
}

/* @__NO_SIDE_EFFECTS__ */
function functions(...paths: readonly string[]): Members {
  return paths.map((path) => [path.split('.'), 'function']);
}

/** The members of an object that stands in another one, and those of the other one. */
/* @__NO_SIDE_EFFECTS__ */
function inside(holder: string, members: Members, ...others: readonly string[]): Members {
  return [...functions(...others), ...members.map(([path, type]) => [[holder, ...path], type] as const)];
}

const OF_TRANSPORT = functions('http.request', 'datagram.open', 'interfaces.list', 'clock.now', 'random.fraction');
const OF_GATEWAY = inside('transport', OF_TRANSPORT, 'connection.call');
const OF_MAPPER = functions('map', 'renew', 'release', 'watch');
const OF_FILE = functions('read', 'write');
/** What a search for gateways gives. */
const WITH_GATEWAY = inside('gateway', OF_GATEWAY);
/** What a search for mappers gives, and what `mapPort` gives. */
const WITH_MAPPER = inside('mapper', OF_MAPPER);

/** What is passed by mistake in the place of something else, in words, and what to do about it. */
const LOOKALIKES: readonly Mistake[] = [
  {
    members: functions('isOk'),
    found: 'a Result',
    hint: 'Take its value: check isOk() first, or use orThrow().',
  },
  { members: functions('then'), found: 'a promise', hint: 'Await it first.' },
  { types: ['list'], found: 'a list' },
  { types: ['bytes'], found: 'bytes' },
  {
    members: OF_TRANSPORT,
    found: 'a transport',
    hint: 'In portwright pass { transport }; in @portwright/core it is the first argument.',
  },
  { members: OF_GATEWAY, found: 'a gateway' },
  { members: OF_MAPPER, found: 'a port mapper' },
  {
    members: functions('settled', 'close'),
    found: 'a kept mapping',
    hint: 'Close it by its close(), which unmaps it.',
  },
  {
    members: OF_FILE,
    found: 'a file',
    hint: 'Pass it in an object: { file } to a LeaseStore, { remember } to findMapper.',
  },
  {
    texts: ['both'],
    found: '"both"',
    hint: 'Only mapPort takes both at once: make one call for TCP and one for UDP.',
  },
];

/** Lists, bytes and texts are no objects in any case. */
const POSING_AS_OPTIONS = /* @__PURE__ */ LOOKALIKES.filter(({ members }) => members !== undefined);

/** Options may be such objects, too. */
const HOLDERS: readonly Mistake[] = [
  { members: WITH_GATEWAY, found: 'an object with a gateway in it' },
  { members: WITH_MAPPER, found: 'an object with a port mapper in it' },
];

const INSTEAD_OF_GATEWAY: readonly Mistake[] = [
  { members: OF_MAPPER, hint: "Pass the IGD mapper's gateway: mapper.igd." },
  { members: WITH_GATEWAY, hint: 'Pass its .gateway.' },
  { members: WITH_MAPPER, hint: "Pass its mapper's gateway: .mapper.igd." },
  { members: OF_TRANSPORT, hint: 'Find a gateway first, by findGateway or gatewayAt.' },
];

const INSTEAD_OF_MAPPER: readonly Mistake[] = [
  { members: OF_GATEWAY, hint: 'Pass igdMapper(gateway), from portwright/upnp or @portwright/core/upnp.' },
  {
    members: WITH_GATEWAY,
    hint: 'Pass igdMapper(found.gateway), from portwright/upnp or @portwright/core/upnp; or find a mapper by findMapper.',
  },
  { members: WITH_MAPPER, hint: 'Pass its .mapper.' },
  { members: OF_TRANSPORT, hint: 'Find a mapper first, by findMapper.' },
];

const INSTEAD_OF_URL: readonly Mistake[] = [
  {
    members: OF_GATEWAY,
    hint: 'igdMapper(gateway), from portwright/upnp or @portwright/core/upnp, makes a mapper of it without a search.',
  },
  {
    members: WITH_GATEWAY,
    hint: 'igdMapper(found.gateway), from portwright/upnp or @portwright/core/upnp, makes a mapper of it.',
  },
  { members: OF_MAPPER, hint: 'There is no need to find it again.' },
];

export const TEXT: Check = { expected: 'a text', types: ['string'] };
export const NUMBER: Check = { expected: 'a number', types: ['number'] };
export const FLAG: Check = { expected: 'true or false', types: ['boolean'] };
export const FUNCTION: Check = { expected: 'a function', types: ['function'] };
export const OBJECT: Check = { expected: 'an object', types: ['object'] };
export const LIST: Check = { expected: 'a list', types: ['list'] };
export const BYTES: Check = { expected: 'bytes (a Uint8Array)', types: ['bytes'] };
export const BYTES_OR_TEXT: Check = { expected: 'bytes or a text', types: ['bytes', 'string'] };
export const SIGNAL: Check = withFunctions('an AbortSignal', 'addEventListener', 'removeEventListener');
export const A_TRANSPORT: Check = { expected: 'a transport', members: OF_TRANSPORT };
export const GATEWAY: Check = { expected: 'a gateway', members: OF_GATEWAY, instead: INSTEAD_OF_GATEWAY };
export const FOUND_GATEWAY: Check = { expected: 'what a search for gateways gives', members: WITH_GATEWAY };
export const ROUTER_URL: Check = {
  expected: "the URL of a router's description, or of its PCP or NAT-PMP server",
  types: ['string'],
  instead: INSTEAD_OF_URL,
};
export const LEASE_STORE: Check = withFunctions('a lease store', 'ledger', 'entriesOf');
export const PORT_MAPPER: Check = { expected: 'a port mapper', members: OF_MAPPER, instead: INSTEAD_OF_MAPPER };
export const FILE: Check = { expected: 'a file, such as nodeFile(path)', members: OF_FILE };
export const PROTOCOL: Check = { expected: 'TCP or UDP', texts: ['TCP', 'UDP'], isAnyCase: true };
const PROTOCOLS: Check = { expected: 'TCP, UDP or both', texts: ['TCP', 'UDP', 'BOTH'], isAnyCase: true };
const ABORTED: Check = { expected: 'an AbortSignal', types: ['object'], members: [[['aborted'], 'boolean']] };

/** What has functions at these places. */
/* @__NO_SIDE_EFFECTS__ */
export function withFunctions(expected: string, ...places: readonly string[]): Check {
  return { expected, members: functions(...places) };
}

/** A list whose entries are all of one kind. */
/* @__NO_SIDE_EFFECTS__ */
export function listOf(entries: Check): Check {
  return { ...LIST, entries };
}

/** One of a few texts. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf(...texts: readonly string[]): Check {
  return { expected: texts.map((text) => `"${text}"`).join(' or '), texts };
}

/** What may be left out. */
/* @__NO_SIDE_EFFECTS__ */
export function optional(check: Check): Check {
  return { ...check, or: [...(check.or ?? []), 'undefined'] };
}

/** What may be null. */
/* @__NO_SIDE_EFFECTS__ */
export function nullable(check: Check): Check {
  return { ...check, or: [...(check.or ?? []), 'null'] };
}

/**
 * An object: no list, no transport or anything else that is passed by mistake, and each of its options is what it may be.
 *
 * @param also - what has to be there besides, or is something else here
 */
/* @__NO_SIDE_EFFECTS__ */
export function options(also: Readonly<Record<string, Check>> = {}): Check {
  return { expected: 'an object of options', types: ['object'], options: also };
}

/** What an option may be: its name means the same in every function. Those with a range are judged with it. */
const OPTION: Readonly<Record<string, Check>> = {
  allowAnyPort: FLAG,
  allowHostName: FLAG,
  allowOffLink: FLAG,
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
  locations: options(),
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

export const OPTIONS: Check = options();
/** Options whose signal is only polled: an object with `aborted` is enough. */
export const POLLED_OPTIONS: Check = options({ signal: optional(ABORTED) });
/** The same with a protocol, or with both of them. */
export const MAP_OPTIONS: Check = options({ signal: optional(ABORTED), protocol: PROTOCOLS });
/** What a gateway has granted; it may have left the description out. */
export const LEASE: Check = options({ protocol: PROTOCOL, description: optional(nullable(TEXT)) });
export const LEASE_OR_OPTIONS: Check = options({ description: optional(nullable(TEXT)) });
