/** Which searches are answered, and which are not. */
import { SEARCH_TARGETS, devicesOf } from '@portwright/core';
import { ok, type Result } from '@portwright/core/result';
import type { Bench } from '../bench/bench.ts';
import { type SearchOptions, type SearchReply, TRANSIT_MS } from '../bench/search.ts';
import { expectThat, inconclusive, missed, notApplicable, type Shortfall } from '../shortfall.ts';
import type { Cases, Steps } from './case.ts';
import { isAddress } from './vocabulary.ts';

/** UDP loses: a search that is to be answered is sent as often as this. */
const TRIES = 3;

export const SSDP_SEARCH_CASES: Cases = {
  'ssdp/msearch-igd1-reply': (bench) => answersWithin(bench, { target: SEARCH_TARGETS.internetGatewayDevice1 }),

  'ssdp/msearch-igd2-reply': (bench) => answersWithin(bench, { target: SEARCH_TARGETS.internetGatewayDevice2 }),

  async *'ssdp/lower-version'(bench) {
    const target = SEARCH_TARGETS.internetGatewayDevice1;
    const reply = yield* await firstReply(bench, { target });
    const st = reply.header('ST') ?? '';
    yield* expectThat(st === target, `ST: ${target}`, `ST: ${st}`);
  },

  async *'ssdp/msearch-rootdevice'(bench) {
    const reply = yield* await firstReply(bench, { target: 'upnp:rootdevice' });
    const [st, usn] = [reply.header('ST'), reply.header('USN')];
    const udn = rootUdn(bench);
    if (udn === null) yield* inconclusive('a UDN to compare with', 'the description has no readable UDN');
    const wanted = `${udn ?? ''}::upnp:rootdevice`;
    const isRight = usn?.toLowerCase() === wanted.toLowerCase() && st === 'upnp:rootdevice';
    yield* expectThat(isRight, `ST: upnp:rootdevice, USN: ${wanted}`, `ST: ${String(st)}, USN: ${String(usn)}`);
  },

  async *'ssdp/msearch-all'(bench) {
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

  async *'ssdp/msearch-uuid'(bench) {
    const udn = rootUdn(bench);
    if (udn === null) return yield* notApplicable('a UDN to search for', 'the description has none');
    yield* await firstReply(bench, { target: udn });
    const other = otherUdn(bench, udn);
    yield* isSilent(yield* bench.search({ target: other }), `a search for ${other}`);
  },

  async *'ssdp/msearch-service'(bench) {
    const { connection } = yield* bench.connection();
    const reply = yield* await firstReply(bench, { target: connection.type });
    const st = reply.header('ST') ?? '';
    yield* expectThat(st === connection.type, `ST: ${connection.type}`, `ST: ${st}`);
  },

  'ssdp/unknown-st-silent': (bench) =>
    staysSilent(bench, { target: 'urn:schemas-upnp-org:device:PortwrightNoSuchDevice:1' }),

  'ssdp/no-mx-silent': (bench) => staysSilent(bench, { target: 'upnp:rootdevice', mx: null }),

  'ssdp/bad-man-silent': (bench) => staysSilent(bench, { target: 'upnp:rootdevice', man: '"ssdp:other"' }),

  async *'ssdp/mx-over-5'(bench) {
    const search = { target: 'upnp:rootdevice', mx: 120, waitMs: 5_000 + TRANSIT_MS, tries: 2 };
    yield* await isReachable(bench);
    yield* await promptReply(bench, search, 5_000, 'within 5 seconds');
  },

  async *'ssdp/unicast-reply'(bench) {
    const search: SearchOptions = { target: 'upnp:rootdevice', mx: null, to: 'gateway', waitMs: 1_000 + TRANSIT_MS };
    yield* await promptReply(bench, search, 1_000, 'within a second');
  },

  async *'ssdp/wan-silent'(bench) {
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
