/** Which searches are answered, and which are not. */
import { type Mutant, onSearch, answersSearch, rewritesReplies } from '../mutants/mutant.ts';
import { SEARCH_TARGETS, devicesOf } from '@portwright/core';
import { ok, type Result } from '@portwright/core/result';
import type { Bench } from '../bench/bench.ts';
import { type SearchOptions, type SearchReply, TRANSIT_MS } from '../bench/search.ts';
import { expectThat, inconclusive, missed, notApplicable, type Shortfall } from '../shortfall.ts';
import type { Steps } from './case.ts';
import type { Checks } from './check.ts';
import { isAddress } from './vocabulary.ts';

/** UDP loses: a search that is to be answered is sent as often as this. */
const TRIES = 3;

const IGD1 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';
const IGD2 = 'urn:schemas-upnp-org:device:InternetGatewayDevice:2';
const silentFor = (target: string): NonNullable<Mutant['hooks']> =>
  onSearch(
    (search) => search.target === target,
    () => [],
  );

export const SSDP_SEARCH_CHECKS: Checks = {
  'ssdp/msearch-igd1-reply': {
    sentence:
      'The gateway answers a multicast search for InternetGatewayDevice:1 by unicast, with 200, within MX seconds.',
    clause: 'UDA 1.0, 1.2.2 and 1.2.3',
    level: 'must',
    kind: 'read',
    appliesTo: ['InternetGatewayDevice:1'],
    check: (bench) => answersWithin(bench, { target: SEARCH_TARGETS.internetGatewayDevice1 }),
    mutant: { what: 'a search for IGD:1 is lost', version: 1, hooks: silentFor(IGD1) },
  },

  'ssdp/msearch-igd2-reply': {
    sentence:
      'The gateway answers a multicast search for InternetGatewayDevice:2 by unicast, with 200, within MX seconds.',
    clause: 'UDA 1.1, 1.3.2 and 1.3.3',
    level: 'must',
    kind: 'read',
    appliesTo: ['InternetGatewayDevice:2'],
    check: (bench) => answersWithin(bench, { target: SEARCH_TARGETS.internetGatewayDevice2 }),
    mutant: {
      what: 'a search for IGD:2 is answered after two seconds',
      hooks: onSearch(
        ({ target }) => target === IGD2,
        (answers) => answers.map((answer) => ({ ...answer, delayMs: 2_000 })),
      ),
    },
  },

  'ssdp/lower-version': {
    sentence: 'A version 2 gateway answers a search for InternetGatewayDevice:1, and its ST says version 1.',
    clause: 'UDA 1.1, 1.3.2: "The response MUST specify the same version as was contained in the search request"',
    level: 'must',
    kind: 'read',
    appliesTo: ['InternetGatewayDevice:2'],
    async *check(bench) {
      const target = SEARCH_TARGETS.internetGatewayDevice1;
      const reply = yield* await firstReply(bench, { target });
      const st = reply.header('ST') ?? '';
      yield* expectThat(st === target, `ST: ${target}`, `ST: ${st}`);
    },
    mutant: {
      what: 'a search for version 1 is answered in the name of version 2',
      hooks: rewritesReplies(
        (text) => text.replace(/^ST: .*Device:1/m, `ST: ${IGD2}`),
        ({ target }) => target === IGD1,
      ),
    },
  },

  'ssdp/msearch-rootdevice': {
    sentence: 'The gateway answers a search for upnp:rootdevice, with the UDN of the root device in USN.',
    clause: 'UDA 1.1, 1.3.3',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const reply = yield* await firstReply(bench, { target: 'upnp:rootdevice' });
      const [st, usn] = [reply.header('ST'), reply.header('USN')];
      const udn = rootUdn(bench);
      if (udn === null) yield* inconclusive('a UDN to compare with', 'the description has no readable UDN');
      const wanted = `${udn ?? ''}::upnp:rootdevice`;
      const isRight = usn?.toLowerCase() === wanted.toLowerCase() && st === 'upnp:rootdevice';
      yield* expectThat(isRight, `ST: upnp:rootdevice, USN: ${wanted}`, `ST: ${String(st)}, USN: ${String(usn)}`);
    },
    mutant: {
      what: 'USN is the UDN alone',
      hooks: rewritesReplies(
        (text) => text.replace('::upnp:rootdevice', ''),
        ({ target }) => target === 'upnp:rootdevice',
      ),
    },
  },

  'ssdp/msearch-all': {
    sentence:
      'The gateway answers a search for ssdp:all for the root device, every device type, every UUID, and every service type.',
    clause: 'UDA 1.1, 1.3.3',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const expected = advertisedUsns(bench);
      if (expected.length === 0)
        yield* inconclusive('a description that lists the devices and services', 'the description can’t be read');
      const missing = (replies: readonly SearchReply[]): readonly string[] => {
        const seen = new Set(replies.map((reply) => reply.header('USN')?.toLowerCase()));
        return expected.filter((usn) => !seen.has(usn.toLowerCase()));
      };
      const until = (replies: readonly SearchReply[]): boolean => missing(replies).length === 0;
      const replies = yield* bench.search({ target: 'ssdp:all', mx: 2, tries: TRIES, until });
      const absent = missing(replies);
      yield* expectThat(
        absent.length === 0,
        `answers for ${expected.length} USNs`,
        `${replies.length === 1 ? '1 answer' : `${replies.length} answers`}, but none for ${absent.join(', ')}`,
      );
    },
    mutant: {
      what: 'ssdp:all is answered for all but the last',
      hooks: onSearch(
        ({ target }) => target === 'ssdp:all',
        (answers) => answers.slice(0, -1),
      ),
    },
  },

  'ssdp/msearch-uuid': {
    sentence: 'The gateway answers a search for the UUID of its root device, but not for another UUID.',
    clause: 'UDA 1.1, 1.3.3: "a UUID that exactly matches the one advertised by the device"',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const udn = rootUdn(bench);
      if (udn === null) return yield* notApplicable('a UDN to search for', 'the description has none');
      yield* await firstReply(bench, { target: udn });
      const other = otherUdn(bench, udn);
      yield* isSilent(yield* bench.search({ target: other }), `a search for ${other}`);
    },
    mutant: {
      what: 'every UUID is its own',
      hooks: answersSearch(({ target }) => target?.startsWith('uuid:') === true),
    },
  },

  'ssdp/msearch-service': {
    sentence: 'The gateway answers a search for the connection service type, with that type in ST.',
    clause: 'UDA 1.1, 1.3.3',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const reply = yield* await firstReply(bench, { target: connection.type });
      const st = reply.header('ST') ?? '';
      yield* expectThat(st === connection.type, `ST: ${connection.type}`, `ST: ${st}`);
    },
    mutant: {
      what: 'searches for the connection are lost',
      hooks: silentFor('urn:schemas-upnp-org:service:WANIPConnection:2'),
    },
  },

  'ssdp/unknown-st-silent': {
    sentence: 'The gateway does not answer a search for a device type that it does not have.',
    clause: 'UDA 1.1, 1.3.3',
    level: 'must',
    kind: 'read',
    check: (bench) => staysSilent(bench, { target: 'urn:schemas-upnp-org:device:PortwrightNoSuchDevice:1' }),
    mutant: {
      what: 'every device type is its own',
      hooks: answersSearch(({ target }) => target?.startsWith('urn:') === true),
    },
  },

  'ssdp/no-mx-silent': {
    sentence: 'The gateway does not answer a multicast search without MX.',
    clause: 'UDA 1.1, 1.3.3: "the device MUST silently discard and ignore the search request"',
    level: 'must',
    kind: 'read',
    check: (bench) => staysSilent(bench, { target: 'upnp:rootdevice', mx: null }),
    mutant: {
      what: 'a search without MX is answered',
      hooks: answersSearch(
        ({ maximumWait, isMulticast, target }) => isMulticast && maximumWait === null && target !== null,
      ),
    },
  },

  'ssdp/bad-man-silent': {
    sentence: 'The gateway does not answer a search with a MAN other than "ssdp:discover".',
    clause: 'UDA 1.1, Discovery: Search response: "an invalid field value in the MAN header field"',
    level: 'must',
    kind: 'read',
    check: (bench) => staysSilent(bench, { target: 'upnp:rootdevice', man: '"ssdp:other"' }),
    mutant: {
      what: 'MAN is not looked at',
      hooks: answersSearch(({ target }) => target === null),
    },
  },

  'ssdp/mx-over-5': {
    sentence: 'The gateway answers a search with an MX above 5 within 5 seconds.',
    clause: 'UDA 1.1, 1.3.3: "the device SHOULD assume that it contained the value 5 or less"',
    level: 'should',
    kind: 'read',
    appliesTo: ['UDA:1.1'],
    async *check(bench) {
      const search = { target: 'upnp:rootdevice', mx: 120, waitMs: 5_000 + TRANSIT_MS, tries: 2 };
      yield* await isReachable(bench);
      yield* await promptReply(bench, search, 5_000, 'within 5 seconds');
    },
    mutant: {
      what: 'an MX of 120 is used up',
      hooks: onSearch(
        ({ maximumWait }) => (maximumWait ?? 0) > 5,
        (answers) => answers.map((answer) => ({ ...answer, delayMs: 7_000 })),
      ),
    },
  },

  'ssdp/unicast-reply': {
    sentence: 'The gateway answers a search sent to its own address within a second.',
    clause: 'UDA 1.1, 1.3.3: "SHOULD respond within 1 second"',
    level: 'should',
    kind: 'read',
    appliesTo: ['UDA:1.1'],
    async *check(bench) {
      const search: SearchOptions = { target: 'upnp:rootdevice', mx: null, to: 'gateway', waitMs: 1_000 + TRANSIT_MS };
      yield* await promptReply(bench, search, 1_000, 'within a second');
    },
    mutant: {
      what: 'searches to its own address are lost',
      hooks: onSearch(
        ({ isMulticast }) => !isMulticast,
        () => [],
      ),
    },
  },

  'ssdp/wan-silent': {
    sentence: 'The gateway does not answer a search from the WAN side.',
    clause: 'WANIPConnection:2, 1.2 and 2.3: "IGD MUST reject UPnP requests from the WAN interfaces"',
    level: 'must',
    kind: 'read',
    needs: ['wan-host'],
    async *check(bench) {
      const { wanHost } = bench;
      if (wanHost === null) return yield* notApplicable('a host on the WAN side', 'there is no such host');
      const { connection } = yield* bench.connection();
      const values = yield* connection.succeed('GetExternalIPAddress');
      const address = values.get('NewExternalIPAddress') ?? '';
      const isOutside = isAddress(address) && address !== bench.subject.host;
      if (!isOutside) yield* inconclusive('an external address to search at', `"${address}"`);
      const to = { address, port: 1_900 };
      yield* isSilent(
        yield* bench.search({ target: 'upnp:rootdevice', to, from: wanHost, tries: TRIES, until: hasReply }),
        'a search from the WAN side',
      );
    },
    mutant: {
      what: 'searches from the WAN are answered',
      hooks: () => ({
        inbound: (datagram, proceed) =>
          datagram.to.port === 1_900
            ? { inside: null, answers: [new TextEncoder().encode('HTTP/1.1 200 OK\r\n\r\n')] }
            : proceed(),
      }),
    },
  },
};

async function* answersWithin(bench: Bench, search: SearchOptions): Steps {
  const reply = yield* await promptReply(bench, { ...search, mx: 1, waitMs: 3_000 }, 1_000, 'within an MX of 1 second');
  yield* expectThat(/^HTTP\/1\.1 200\b/.test(reply.startLine), 'HTTP/1.1 200 OK', reply.startLine);
}

async function* staysSilent(bench: Bench, search: SearchOptions): Steps {
  yield* await isReachable(bench);
  yield* isSilent(yield* bench.search(search), 'such a search');
}

function isSilent(replies: readonly SearchReply[], what: string): Result<void, Shortfall> {
  const [first] = replies;
  return expectThat(first === undefined, `no answer to ${what}`, `${replies.length}, the first for ${stOf(first)}`);
}

/** Silence says something only of a gateway that can be heard. */
async function isReachable(bench: Bench): Promise<Result<void, Shortfall>> {
  for (const target of ['upnp:rootdevice', SEARCH_TARGETS.internetGatewayDevice1, SEARCH_TARGETS.all]) {
    const replies = await bench.search({ target, tries: TRIES, until: hasReply });
    if (replies.isOk() && replies.value.length > 0) return ok(undefined);
  }
  return inconclusive('a gateway that answers searches', 'no answer to any search');
}

/** The first answer to a search that is to be answered. */
async function firstReply(bench: Bench, search: SearchOptions): Promise<Result<SearchReply, Shortfall>> {
  const replies = await bench.search({ tries: TRIES, until: hasReply, ...search });
  return replies.andThen(([first]) =>
    first === undefined ? missed(`an answer to a search for ${search.target}`, 'none') : ok(first),
  );
}

/** An answer that comes in time, to one of the tries: a network or a gateway that is busy for once is no miss. */
async function promptReply(
  bench: Bench,
  search: SearchOptions,
  limitMs: number,
  limit: string,
): Promise<Result<SearchReply, Shortfall>> {
  const isPrompt = ({ afterMs }: SearchReply): boolean => afterMs <= limitMs + TRANSIT_MS / 2;
  const replies = await bench.search({ tries: TRIES, until: (all) => all.some(isPrompt), ...search });
  return replies.andThen((all) => {
    const prompt = all.find(isPrompt);
    if (prompt !== undefined) return ok(prompt);
    if (all.length === 0) return missed(`an answer to a search for ${search.target}`, 'none');
    const soonest = Math.min(...all.map(({ afterMs }) => afterMs));
    return missed(`an answer ${limit}`, `an answer after ${Math.round(soonest)} ms`);
  });
}

/** An answer to look at, however it can be had: which searches are answered is asked elsewhere. */
export async function anyReply(bench: Bench): Promise<Result<SearchReply, Shortfall>> {
  const target = 'upnp:rootdevice';
  const byMulticast = await firstReply(bench, { target });
  if (byMulticast.isOk()) return byMulticast;
  const byUnicast = await firstReply(bench, { target, mx: null, to: 'gateway', waitMs: 1_000 + TRANSIT_MS });
  return byUnicast.mapErr((shortfall) => ({ ...shortfall, kind: 'inconclusive' }));
}

function hasReply({ length }: readonly SearchReply[]): boolean {
  return length > 0;
}

function stOf(reply: SearchReply | undefined): string {
  return reply?.header('ST') ?? 'nothing';
}

/** A UDN that differs in its last digit alone from the root's, and is none of the gateway's own. */
function otherUdn({ subject: { description } }: Bench, udn: string): string {
  const own = description === null ? [] : devicesOf(description.device).map((device) => device.udn?.toLowerCase());
  const others = Array.from('fedcba9876543210', (digit: string) => udn.slice(0, -1) + digit);
  return others.find((other) => !own.includes(other.toLowerCase())) ?? `${udn}0`;
}

export function rootUdn({ subject }: Bench): string | null {
  return subject.description?.device.udn ?? null;
}

/** UDA 1.0, table 1.1.2: three for the root device, two for every embedded device, one for every service type of each. */
function advertisedUsns({ subject: { description } }: Bench): readonly string[] {
  if (description === null) return [];
  const devices = devicesOf(description.device).flatMap(({ udn, deviceType, services }) => {
    const types = new Set([deviceType ?? '', ...services.map(({ serviceType }) => serviceType)]);
    return udn === null ? [] : [udn, ...Array.from(types, (type) => `${udn}::${type}`)];
  });
  return [`${description.device.udn ?? ''}::upnp:rootdevice`, ...devices];
}
