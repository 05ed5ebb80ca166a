/**
 * Nothing throws, not even at misuse from JavaScript: every function that a package exports is called with each kind of
 * wrong value in each place. An export that has no row here fails the test.
 */
import * as conformance from '@portwright/conformance';
import * as contract from '@portwright/conformance/transport';
import * as core from '@portwright/core';
import * as mapping from '@portwright/core/mapping';
import * as mock from '@portwright/transport-mock';
import * as node from '@portwright/transport-node';
import * as pcp from '@portwright/core/pcp';
import * as upnp from '@portwright/core/upnp';
import { err, errAsync, ok } from '@portwright/core/result';
import * as portwright from 'portwright';
import * as portwrightUpnp from 'portwright/upnp';
import { describe, expect, it, vi } from 'vitest';

// Where package portwright would use the machine's network, a search here is on an empty one.
vi.mock(import('@portwright/transport-node'), async (actual) => {
  const { nodeTransport, ...rest } = await actual();
  const { MemoryNetwork } = await import('@portwright/transport-mock');
  const empty: typeof nodeTransport = (options) => {
    nodeTransport(options);
    return new MemoryNetwork().transport();
  };
  return { ...rest, nodeTransport: empty };
});

const router = mock.simulateGateway({ maxSearchDelayMs: 0 });
const { transport } = router;
const found = (await upnp.gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
const { gateway } = found;
const { description, services } = gateway;
const mapper = upnp.igdMapper(gateway);
const foundMapper = upnp.toFoundMapper(found);
const file = { read: () => errAsync('no'), write: () => errAsync('no') };
const clockOnly = { now: () => 0, sleep: () => Promise.resolve() };

/** What is passed by mistake, by its name. */
const WRONG: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  number: 7,
  nan: Number.NaN,
  text: 'text',
  flag: true,
  symbol: Symbol('mistake'),
  object: {},
  bare: Object.create(null),
  list: [],
  function: () => undefined,
  result: ok(7),
  promise: Promise.resolve(ok(7)),
  transport,
  gateway,
  found,
  mapper,
  'found mapper': foundMapper,
  file,
  bytes: new Uint8Array(2),
};

/** Objects that may be options, since nothing of them is read but by its name. */
const OBJECTS = ['object', 'bare', 'found', 'found mapper'];

/** A parameter: a right value, and which of the wrong ones may stand there nonetheless. */
interface Parameter {
  readonly right: unknown;
  readonly fits: readonly string[];
}

const is = (right: unknown, ...fits: readonly string[]): Parameter => ({ right, fits });

const TRANSPORT = is(transport, 'transport');
const GATEWAY = is(gateway, 'gateway');
const MAPPER = is(mapper, 'mapper');
const OPTIONS = is({}, 'undefined', ...OBJECTS);
const TEXT = is('text', 'text');
const FILE = is(file, 'file');

/**
 * What a function does with what does not belong there. `result`: a Result, or a promise of one, with `invalid-argument`;
 * `throws`: it has no Result to put that into, and throws an error that says so; `report`: a promise of a report with the
 * error in it; `none`: an answer that stands for none; `number`: a number other than 0.
 */
type Answer = 'result' | 'throws' | 'report' | 'none' | 'number' | 'constant';

interface Row {
  readonly answers: Answer;
  readonly takes?: readonly Parameter[];
  /** A class: called with `new`. */
  readonly isClass?: boolean;
  /** Each of its options, and a right value. */
  readonly options?: Readonly<Record<string, unknown>>;
}

type Table = Readonly<Record<string, Row>>;

const constant: Row = { answers: 'constant' };
const result = (...takes: readonly Parameter[]): Row => ({ answers: 'result', takes });
const throws = (...takes: readonly Parameter[]): Row => ({ answers: 'throws', takes });
const none = (...takes: readonly Parameter[]): Row => ({ answers: 'none', takes });
const over = (row: Row, options: Readonly<Record<string, unknown>>): Row => ({ ...row, options });

const SIGNAL = AbortSignal.abort();
const SEARCH = {
  timeoutMs: 1,
  targets: ['ssdp:all'],
  families: ['ipv4'],
  interface: '',
  localPort: 0,
  ttl: 2,
  locations: {},
  signal: SIGNAL,
};
const CALL = { deadlineMs: 5, signal: SIGNAL };
const KEY = { externalPort: 7777, protocol: 'UDP', remoteHost: '' };
const MAP = {
  externalPort: 7777,
  protocol: 'UDP',
  internalPort: 7777,
  internalClient: '192.168.1.2',
  description: 'game',
  leaseSeconds: 60,
  port: 'exact',
  verify: false,
  askState: false,
  trustConflicts: true,
  budgetMs: 100,
  policy: () => null,
  leases: new mapping.LeaseStore(),
  signal: SIGNAL,
};
const ADDRESS = is(services.connection);
const SERVICE = is(core.wanIpConnection);

const CORE: Table = {
  CLOCK_PORT: constant,
  DATAGRAM_PORT: constant,
  HTTP_PORT: constant,
  INTERFACES_PORT: constant,
  RANDOM_PORT: constant,
  TRANSPORT: constant,
  GATEWAY_SEARCH_TARGETS: constant,
  SEARCH_TARGETS: constant,
  SSDP_GROUPS: constant,
  SSDP_PORT: constant,
  IGDStatus: constant,
  UPNPResult: constant,
  layer3Forwarding: constant,
  wanCommonInterfaceConfig: constant,
  wanIpConnection: constant,
  wanIpv6FirewallControl: constant,
  wanPppConnection: constant,
  headerValue: none(is([['A', 'b']], 'list'), TEXT),
  printable: none(TEXT),
  classifyAddress: none(TEXT),
  parseUpnpType: none(TEXT),
  orThrow: throws(is(ok(1), 'result', 'promise')),
  PortwrightException: { answers: 'none', isClass: true, takes: [is({ kind: 'a', code: 'b', message: 'c' })] },
  decodeSsdpMessage: result(is(new Uint8Array(2), 'bytes')),
  encodeMSearch: over(result(is({ host: null, target: 'ssdp:all', mx: 1, userAgent: null })), {
    host: { address: '239.255.255.250', port: 1900 },
    target: 'ssdp:all',
    mx: 1,
    userAgent: 'x',
  }),
  encodeSsdpMessage: over(result(is({ kind: 'byebye', host: null, target: 'a', usn: 'b', bootId: 1, configId: 1 })), {
    kind: 'byebye',
    host: { address: '239.255.255.250', port: 1900 },
    usn: 'b',
    bootId: 1,
  }),
  searchSchedule: over(throws(is({ timeoutMs: 10, family: 'ipv4' })), {
    timeoutMs: 10,
    family: 'ipv4',
    targets: ['a'],
    unicast: ['192.168.1.1'],
  }),
  decodeDeviceDescription: result(is('<root/>', 'text', 'bytes'), TEXT),
  decodeServiceDescription: result(is('<scpd/>', 'text', 'bytes')),
  devicesOf: throws(is(description.device)),
  servicesOf: throws(is(description.device), is([], 'undefined', 'list')),
  checkGatewayUrl: over(result(TEXT, OPTIONS), { allowHostName: true }),
  checkLocation: over(result(TEXT, is({ responder: '192.168.1.1', interfaces: [] })), {
    responder: '192.168.1.1',
    interfaces: [],
    allowAnyPort: true,
    allowOffLink: true,
    rewriteToResponder: true,
  }),
  checkRedirect: result(TEXT, TEXT, is(0, 'number')),
  checkServiceUrl: result(TEXT, TEXT),
  encodeCall: result(
    SERVICE,
    ADDRESS,
    is('GetStatusInfo'),
    is({}, 'transport', 'gateway', 'mapper', 'list', ...OBJECTS, 'file', 'result', 'promise', 'bytes'),
  ),
  decodeCall: result(SERVICE, ADDRESS, is('GetStatusInfo'), is({ status: 200, headers: [], body: new Uint8Array(2) })),
  UPNP: { answers: 'none', isClass: true, takes: [TRANSPORT] },
  UPNPDevice: { answers: 'none', isClass: true, takes: [TRANSPORT] },
};

const PCP_MAP = {
  opcode: 'map',
  lifetimeSeconds: 60,
  nonce: '0102030405060708090a0b0c',
  protocol: 6,
  internalPort: 80,
  externalPort: 80,
  externalAddress: '0.0.0.0',
  options: [],
};
const PCP_REQUEST = { ...PCP_MAP, clientAddress: '192.168.1.2' };
const PCP_RESPONSE = { ...PCP_MAP, resultCode: 0, epochSeconds: 1 };
const NAT_PMP_REQUEST = { kind: 'map', protocol: 'TCP', internalPort: 80, externalPort: 80, lifetimeSeconds: 60 };
const NAT_PMP_RESPONSE = { ...NAT_PMP_REQUEST, resultCode: 0, epochSeconds: 1 };
const DATAGRAM = is(new Uint8Array(2), 'bytes');
const READING = is({ epochSeconds: 1, atMs: 1 });

const PCP: Table = {
  NAT_PMP_RESULTS: constant,
  PCP_CLIENT_PORT: constant,
  PCP_GROUPS: constant,
  PCP_RESULTS: constant,
  PCP_SERVER_PORT: constant,
  decodeNatPmpRequest: result(DATAGRAM),
  decodeNatPmpResponse: result(DATAGRAM),
  decodePcpRequest: result(DATAGRAM),
  decodePcpResponse: result(DATAGRAM),
  encodeNatPmpRequest: over(result(is(NAT_PMP_REQUEST)), NAT_PMP_REQUEST),
  encodeNatPmpResponse: over(result(is(NAT_PMP_RESPONSE)), NAT_PMP_RESPONSE),
  encodePcpRequest: over(result(is(PCP_REQUEST)), PCP_REQUEST),
  encodePcpResponse: over(result(is(PCP_RESPONSE)), PCP_RESPONSE),
  isMandatoryOption: none(is(1, 'number')),
  isNatPmpEpochValid: none(READING, READING),
  isPcpEpochValid: none(READING, READING),
  versionOf: none(DATAGRAM),
};

const PINHOLE = {
  protocol: 'TCP',
  internalPort: 80,
  remoteHost: '',
  remotePort: 0,
  ...CALL,
  internalClient: 'fd77::2',
};
const ID = is(7, 'number');

const UPNP: Table = {
  MAX_ATTEMPTS: constant,
  retryPolicy: throws(
    is({}, ...OBJECTS, 'list', 'transport', 'gateway', 'mapper', 'file', 'result', 'promise', 'bytes'),
    is([], 'list'),
  ),
  addMapping: over(result(GATEWAY, is(KEY)), {
    ...KEY,
    ...CALL,
    internalPort: 7777,
    internalClient: '192.168.1.2',
    description: 'game',
    leaseSeconds: 60,
  }),
  deleteMapping: over(result(GATEWAY, is(KEY)), { ...KEY, ...CALL }),
  walkMappings: over(result(GATEWAY, OPTIONS), CALL),
  connectionState: { answers: 'report', takes: [GATEWAY, OPTIONS], options: CALL },
  discover: over(result(TRANSPORT, is({ signal: SIGNAL }, ...OPTIONS.fits)), { ...SEARCH, deadlineMs: 5 }),
  findGateway: over(result(TRANSPORT, is({ signal: SIGNAL }, ...OPTIONS.fits)), {
    ...SEARCH,
    graceMs: 5,
    trustDefaultRouter: true,
  }),
  gatewayAt: over(result(TRANSPORT, TEXT, OPTIONS), { ...CALL, allowHostName: true }),
  fetchDescription: over(result(TRANSPORT, TEXT, OPTIONS), CALL),
  createGateway: throws(
    TRANSPORT,
    is(description, ...OBJECTS, 'list', 'transport', 'gateway', 'mapper', 'file', 'result', 'promise', 'bytes'),
    is(services),
    is(null, 'null', 'text'),
  ),
  selectServices: throws(is(description)),
  findKnownGateway: over(result(TRANSPORT, FILE, is({ signal: SIGNAL }, ...OPTIONS.fits)), SEARCH),
  igdMapper: throws(GATEWAY),
  gatewayOf: throws(MAPPER),
  toFoundMapper: throws(is(found, 'found')),
  listMappings: over(result(GATEWAY, OPTIONS), { ...CALL, protocol: 'TCP', atOnce: 128 }),
  gatewayReport: { answers: 'report', takes: [GATEWAY, OPTIONS], options: CALL },
  addPinhole: over(result(GATEWAY, is(PINHOLE)), { ...PINHOLE, leaseSeconds: 60 }),
  updatePinhole: over(result(GATEWAY, is({ id: 7, leaseSeconds: 60 })), { id: 7, leaseSeconds: 60 }),
  deletePinhole: over(result(GATEWAY, ID, OPTIONS), CALL),
  checkPinhole: over(result(GATEWAY, ID, OPTIONS), CALL),
  pinholePackets: over(result(GATEWAY, ID, OPTIONS), CALL),
  outboundPinholeTimeout: over(result(GATEWAY, is(PINHOLE)), PINHOLE),
  firewallStatus: over(result(GATEWAY, OPTIONS), CALL),
  watchGateway: throws(GATEWAY, OPTIONS),
  GatewayWatch: { answers: 'throws', isClass: true, takes: [GATEWAY, is({}, ...OBJECTS)] },
};

const FIND = { ...SEARCH, graceMs: 5, trustDefaultRouter: true, gateway: 'http://192.168.1.1/', remember: FILE.right };
const KEEP = { mapper, leases: MAP.leases };

const MAPPING: Table = {
  findMapper: over(result(TRANSPORT, is({ signal: SIGNAL }, 'undefined', 'object', 'bare', 'found mapper')), {
    ...FIND,
    via: 'upnp-igd',
    lastVia: 'pcp',
  }),
  mapPort: over(result(MAPPER, is(MAP)), MAP),
  mapOnAll: over(result(TRANSPORT, is({ ...KEY, signal: SIGNAL }, ...OBJECTS)), { ...SEARCH, ipv6: true }),
  unmapPort: over(result(MAPPER, is(KEY)), { ...KEY, ...CALL, force: true, internalClient: '192.168.1.2' }),
  cleanUpAfterCrash: result(MAPPER, FILE),
  keepMapped: over(throws(TRANSPORT, is({ ...MAP, signal: SIGNAL }, ...OBJECTS)), KEEP),
  Keeper: { answers: 'throws', isClass: true, takes: [TRANSPORT, OPTIONS], options: KEEP },
  LeaseStore: { answers: 'throws', isClass: true, takes: [OPTIONS], options: { file: FILE.right } },
  decodeJournal: none(TEXT),
};

const NODE: Table = {
  nodeTransport: over(throws(OPTIONS), { http: {} }),
  nodeHttp: throws(OPTIONS),
  nodeFile: throws(TEXT),
  nodeDatagram: none(),
  nodeInterfaces: none(),
  nodeClock: none(),
  nodeRandom: none(),
  nodeEvents: none(),
  closeOnExit: over(throws(is({ close: () => Promise.resolve() }), OPTIONS), { patienceMs: 5 }),
};

const REPORT = (
  await conformance.runConformance(transport, { kind: 'gateway', gateway }, { only: ['wanip/get-external-ip*'] })
).unwrapOr(null);

const CONFORMANCE: Table = {
  AREA_TITLES: constant,
  REQUIREMENTS: constant,
  runConformance: over(result(TRANSPORT, is({ kind: 'gateway', gateway }), is({ signal: SIGNAL }, ...OPTIONS.fits)), {
    write: false,
    disruptive: false,
    only: ['*'],
    strict: false,
    knownFailures: [],
    wanHost: transport,
    secondClient: transport,
    reboot: () => Promise.resolve(),
    ledger: { enter: () => Promise.resolve(), has: () => Promise.resolve(false) },
    seed: 1,
    startedAt: 'now',
    limitMs: 1,
    onCheck: () => undefined,
    onResult: () => undefined,
    signal: SIGNAL,
  }),
  sweep: over(result(TRANSPORT, is({ kind: 'gateway', gateway }), OPTIONS), { secondClient: transport }),
  parseKnownFailures: result(TEXT),
  selection: result(TEXT, is(['*'], 'list')),
  reportHtml: throws(is(REPORT)),
  reportJson: throws(is(REPORT)),
  reportJUnit: throws(is(REPORT)),
  reportTap: throws(is(REPORT)),
  reportText: throws(is(REPORT), OPTIONS),
  resultLine: throws(is(REPORT?.results[0]), OPTIONS),
};

const SUBJECT = is({ ports: {}, peer: { lacks: {} }, clock: clockOnly });

const CONTRACT: Table = {
  CONTRACT: constant,
  PORT_NAMES: constant,
  bindCases: throws(is('random'), SUBJECT),
  checkTransport: throws(SUBJECT, is([], 'undefined', 'list')),
  describeTransport: throws(
    is({ describe: () => undefined, test: Object.assign(() => undefined, { skip: () => undefined }) }),
    TEXT,
    SUBJECT,
  ),
};

const bound = (module: object, tables: readonly Table[]): Table =>
  Object.fromEntries(
    Object.keys(module).flatMap((name) => {
      const same = tables.map((table) => table[name]).find((row) => row !== undefined);
      return same === undefined ? [] : [[name, same]];
    }),
  );

const PORTWRIGHT: Table = {
  ...bound(portwright, [CORE, MAPPING, NODE]),
  findMapper: over(result(is({ transport, signal: SIGNAL }, 'undefined', 'object', 'bare', 'found mapper')), {
    ...FIND,
    transport,
  }),
  mapOnAll: over(result(is({ ...KEY, transport, signal: SIGNAL }, ...OBJECTS)), { ...SEARCH, transport }),
  keepMapped: over(throws(is({ ...MAP, transport, signal: SIGNAL }, ...OBJECTS)), { ...KEEP, transport }),
  Keeper: {
    answers: 'throws',
    isClass: true,
    takes: [is({ transport }, ...OPTIONS.fits)],
    options: { ...KEEP, transport },
  },
};

const PORTWRIGHT_UPNP: Table = {
  ...bound(portwrightUpnp, [CORE, UPNP]),
  discover: over(result(is({ transport, signal: SIGNAL }, ...OPTIONS.fits)), { ...SEARCH, deadlineMs: 5, transport }),
  findGateway: over(result(is({ transport, signal: SIGNAL }, ...OPTIONS.fits)), { ...SEARCH, graceMs: 5, transport }),
  gatewayAt: over(result(TEXT, is({ transport }, ...OPTIONS.fits)), { ...CALL, transport }),
  findKnownGateway: over(result(FILE, is({ transport, signal: SIGNAL }, ...OPTIONS.fits)), { ...SEARCH, transport }),
};

const MOCK: Table = {
  FAULTS: constant,
  PERSONAS: constant,
  protocolsOf: throws(is(mock.PERSONAS.openwrt)),
  simulateGateway: over(throws(is({}, 'undefined', 'file', ...OBJECTS)), {
    persona: 'mikrotik',
    clock: new mock.VirtualClock(),
  }),
  surroundings: throws(is(router)),
  putForeignMappings: throws(is(router)),
  summarizeExchange: throws(is(router.exchanges()[0])),
  MemoryNetwork: { answers: 'throws', isClass: true, takes: [is({}, 'undefined', 'file', ...OBJECTS)] },
  chattyHost: throws(is({}, 'undefined', 'file', ...OBJECTS)),
  deadHost: throws(is('192.168.1.9', 'text')),
  quietHost: throws(is('192.168.1.9', 'text')),
  VirtualClock: { answers: 'throws', isClass: true, takes: [is({}, 'undefined', 'file', ...OBJECTS)] },
  seededRandom: throws(is(1, 'undefined', 'number')),
};

describe.each([
  ['@portwright/core', core, CORE],
  ['@portwright/core/mapping', mapping, MAPPING],
  ['@portwright/core/pcp', pcp, PCP],
  ['@portwright/core/upnp', upnp, UPNP],
  ['@portwright/transport-node', node, NODE],
  ['@portwright/transport-mock', mock, MOCK],
  ['@portwright/conformance', conformance, CONFORMANCE],
  ['@portwright/conformance/transport', contract, CONTRACT],
  ['portwright', portwright, PORTWRIGHT],
  ['portwright/upnp', portwrightUpnp, PORTWRIGHT_UPNP],
] as readonly (readonly [string, Readonly<Record<string, unknown>>, Table])[])('%s', (name, module, table) => {
  it('has a row here for each of its exports', () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(module).sort());
  });

  const rows = Object.entries(table).filter(([, { answers }]) => answers !== 'constant');

  it.each(rows)('%s', async (fn, { answers, takes = [], isClass = false, options = {} }) => {
    const call = module[fn] as (...args: readonly unknown[]) => unknown;
    const run = async (args: readonly unknown[], fits: boolean, what: string): Promise<void> => {
      const answer = await answerOf(() =>
        isClass ? new (call as unknown as new (...given: readonly unknown[]) => unknown)(...args) : call(...args),
      );
      expect([what, fits ? 'no mistake' : verdictOn(answer)]).toEqual([what, fits ? 'no mistake' : answers]);
      if (answer.kind === 'thrown') {
        expect([what, fits || answers === 'throws', String(answer.error)]).toEqual([what, true, String(answer.error)]);
        expect(String(answer.error)).not.toMatch(/undefined \(|is not a function|not iterable|convert|read propert/);
      }
    };
    for (const [at, { fits }] of takes.entries()) {
      for (const [label, wrong] of Object.entries(WRONG)) {
        const args = takes.map(({ right }, index) => (index === at ? wrong : right));
        await run(args, fits.includes(label), `argument ${at + 1}: ${label}`);
      }
    }
    for (const [option, right] of Object.entries(options)) {
      for (const [label, wrong] of Object.entries(WRONG)) {
        if (label === 'undefined' || isAlike(right, wrong)) continue;
        const last = takes.at(-1)?.right as object;
        const args = [...takes.slice(0, -1).map((one) => one.right), { ...last, [option]: wrong }];
        await run(args, mayBeNull(option, label), `option ${option}: ${label}`);
      }
    }
  });
});

/** Headers that may be left out of an SSDP message are null. */
function mayBeNull(option: string, label: string): boolean {
  return label === 'null' && ['host', 'userAgent', 'bootId', 'usn', 'mx'].includes(option);
}

/** Whether a wrong value is of the right one's kind after all. */
function isAlike(right: unknown, wrong: unknown): boolean {
  if (Array.isArray(right) || Array.isArray(wrong)) return Array.isArray(right) && Array.isArray(wrong);
  if (right === transport) return wrong === transport;
  if (right === SIGNAL || typeof right === 'function')
    return typeof wrong === typeof right && typeof right === 'function';
  return typeof right === typeof wrong;
}

type Outcome =
  { readonly kind: 'given'; readonly value: unknown } | { readonly kind: 'thrown'; readonly error: unknown };

async function answerOf(call: () => unknown): Promise<Outcome> {
  try {
    return { kind: 'given', value: await call() };
  } catch (error) {
    return { kind: 'thrown', error };
  }
}

function verdictOn(outcome: Outcome): string {
  if (outcome.kind === 'thrown') {
    const { error } = outcome;
    if (error instanceof core.PortwrightException && error.kind === 'invalid-argument') return 'throws';
    return error instanceof RangeError || (error instanceof TypeError && /must be/.test(error.message))
      ? 'throws'
      : `threw ${String(error)}`;
  }
  const { value } = outcome;
  const error = (value as { readonly error?: Partial<core.PortwrightError> | null } | null)?.error ?? undefined;
  if (error !== undefined) return error.kind === 'invalid-argument' ? 'result' : `an error: ${JSON.stringify(error)}`;
  const text = JSON.stringify(value) as string | undefined;
  if (text?.includes('"invalid-argument"') === true) return 'report';
  return 'none';
}

describe('what was passed and what belongs there', () => {
  it.each([
    [() => mapping.mapPort(mapper, undefined as never), /options must be an object of options, not undefined/, null],
    [() => mapping.mapPort(mapper, null as never), /options must be an object of options, not null/, null],
    [() => upnp.gatewayAt(transport, undefined as never), /url must be a text, not undefined/, null],
    [() => portwrightUpnp.gatewayAt(undefined as never), /url must be a text, not undefined/, null],
    [() => upnp.walkMappings(err(1) as never), /gateway must be a gateway, not a Result/, /orThrow/],
    [() => upnp.walkMappings(Promise.resolve(gateway) as never), /gateway must be a gateway, not a promise/, /Await/],
    [() => upnp.discover({} as never), /transport must be a transport, not an object/, null],
    [() => upnp.discover(transport, { timeoutMs: '9' } as never), /timeoutMs must be a whole number .*, not "9"/, null],
  ])('%#', async (call, message, hint) => {
    const error = (await call())._unsafeUnwrapErr();
    expect(error.kind).toBe('invalid-argument');
    expect(error.message).toMatch(message);
    if (hint === null) expect(error.hint).toBeUndefined();
    else expect(error.hint).toMatch(hint);
  });

  /** What stands in a mapper's or a gateway's place by mistake, what it is called, and what to pass instead. */
  const IN_PLACE_OF_MAPPER = [
    [gateway, 'a gateway', /igdMapper\(gateway\), from portwright\/upnp or @portwright\/core\/upnp/],
    [found, 'an object with a gateway in it', /igdMapper\(found\.gateway\).* findMapper/],
    [foundMapper, 'an object with a port mapper in it', /^Pass its \.mapper\.$/],
    [transport, 'a transport', /findMapper/],
    [ok(mapper), 'a Result', /orThrow/],
    [mapping.findMapper(transport, { signal: SIGNAL }), 'a promise', /Await/],
  ] as const;
  const IN_PLACE_OF_GATEWAY = [
    [mapper, 'a port mapper', /mapper\.igd/],
    [found, 'an object with a gateway in it', /^Pass its \.gateway\.$/],
    [foundMapper, 'an object with a port mapper in it', /\.mapper\.igd/],
    [transport, 'a transport', /findGateway or gatewayAt/],
  ] as const;

  it.each(IN_PLACE_OF_MAPPER)('in place of a mapper: %#', async (wrong, found, hint) => {
    const errors = [
      (await mapping.mapPort(wrong as never, MAP as never))._unsafeUnwrapErr(),
      (await portwright.mapPort(wrong as never, { ...MAP, protocol: 'both' } as never))._unsafeUnwrapErr(),
      (await mapping.unmapPort(wrong as never, KEY as never))._unsafeUnwrapErr(),
      (await mapping.cleanUpAfterCrash(wrong as never, FILE.right as never))._unsafeUnwrapErr(),
      thrownBy(() => new mapping.Keeper(transport, { mapper: wrong as never })),
      thrownBy(() => new portwright.Keeper({ transport, mapper: wrong as never })),
    ];
    for (const error of errors) {
      expect(error).toMatchObject({ kind: 'invalid-argument', message: `mapper must be a port mapper, not ${found}` });
      expect(error.hint).toMatch(hint);
    }
  });

  it.each(IN_PLACE_OF_GATEWAY)('in place of a gateway: %#', async (wrong, found, hint) => {
    const errors = [
      (await upnp.listMappings(wrong as never))._unsafeUnwrapErr(),
      (await portwrightUpnp.addPinhole(wrong as never, PINHOLE as never))._unsafeUnwrapErr(),
      thrownBy(() => upnp.igdMapper(wrong as never)),
      thrownBy(() => upnp.watchGateway(wrong as never)),
    ];
    for (const error of errors) {
      expect(error).toMatchObject({ kind: 'invalid-argument', message: `gateway must be a gateway, not ${found}` });
      expect(error.hint).toMatch(hint);
    }
  });

  it('a transport that is passed to what has one already', async () => {
    const errors = [
      (await portwright.findMapper(transport as never))._unsafeUnwrapErr(),
      (await portwright.mapOnAll(transport as never))._unsafeUnwrapErr(),
      thrownBy(() => portwright.keepMapped(transport as never)),
      thrownBy(() => new portwright.Keeper(transport as never)),
      (await portwrightUpnp.findGateway(transport as never))._unsafeUnwrapErr(),
      (await portwrightUpnp.discover(transport as never))._unsafeUnwrapErr(),
    ];
    for (const error of errors) {
      expect(error).toMatchObject({
        kind: 'invalid-argument',
        message: 'options must be an object of options, not a transport',
      });
      expect(error.hint).toMatch(/\{ transport \}/);
    }
  });

  it('both protocols where there is one', () => {
    const error = thrownBy(() => mapping.keepMapped(transport, { ...MAP, protocol: 'both' } as never));
    expect(error.message).toBe('protocol must be TCP or UDP, not "both"');
    expect(error.hint).toMatch(/one call for TCP and one for UDP/);
  });

  it('a UPNP without a transport says INVALID_PARAM', async () => {
    expect(await new core.UPNP(undefined as never).discover()).toBe(core.UPNPResult.INVALID_PARAM);
    expect(await new core.UPNP(transport).discover(1, 2, 3 as never)).toBe(core.UPNPResult.INVALID_PARAM);
  });

  it.each([['tcp'], ['TCP'], ['Tcp']])('the protocol %s is TCP', async (protocol) => {
    const key = { externalPort: 7001, protocol: protocol as 'tcp' };
    expect((await upnp.addMapping(gateway, key))._unsafeUnwrap()).toMatchObject({ protocol: 'TCP' });
    expect(router.mappings()).toMatchObject([{ protocol: 'TCP', externalPort: 7001 }]);
    expect((await upnp.listMappings(gateway, { protocol: key.protocol }))._unsafeUnwrap().mappings).toHaveLength(1);
    expect((await upnp.deleteMapping(gateway, key)).isOk()).toBe(true);
    expect((await mapping.mapPort(mapper, key))._unsafeUnwrap().granted).toMatchObject({
      protocol: 'TCP',
    });
    expect((await mapping.unmapPort(mapper, key)).isOk()).toBe(true);
    expect(router.mappings()).toEqual([]);
  });
});

function thrownBy(call: () => unknown): core.InvalidArgumentError {
  try {
    call();
  } catch (error) {
    if (error instanceof core.PortwrightException) return error.cause as core.InvalidArgumentError;
  }
  throw new Error('it threw no PortwrightException');
}
