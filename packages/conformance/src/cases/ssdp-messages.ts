/** What stands in answers and announcements. */
import { headerValue } from '@portwright/core';
import type { SearchReply } from '../bench/search.ts';
import { isMessageOf } from '../bench/subject.ts';
import { expectThat, inconclusive, missed, notApplicable } from '../shortfall.ts';
import { readSsdpMessage, SEARCH_GROUP } from '../wire/ssdp-message.ts';
import { hostOf } from '../wire/text.ts';
import { type Announcement, beginningOf } from './boot-announcements.ts';
import type { Cases } from './case.ts';
import { anyReply } from './ssdp-search.ts';

/** Milliseconds for a gateway to come up again. */
const BOOT_MS = 180_000;
/** Waits are cut into pieces, so that each is one that passes by itself on a virtual clock. */
const SLICE_MS = 1_000;

/** "increased on each initial announce" (UDA 1.1, 1.2.2). */
const BOOT_ID = 'BOOTID.UPNP.ORG';

export const SSDP_MESSAGE_CASES: Cases = {
  async *'ssdp/reply-headers'(bench) {
    const reply = yield* await anyReply(bench);
    const wrong = HEADERS.filter(([name, pattern]) => !pattern.test(reply.header(name) ?? ABSENT));
    const shown = wrong.map(([name]) => `${name}: ${reply.header(name) ?? '(absent)'}`);
    yield* expectThat(
      wrong.length === 0,
      'CACHE-CONTROL with max-age, an empty EXT, LOCATION, SERVER, ST and USN',
      shown.join(', '),
    );
  },

  async *'ssdp/maxage-1800'(bench) {
    const reply = yield* await anyReply(bench);
    const text = /max-age\s*=\s*(\d{1,10})/i.exec(reply.header('CACHE-CONTROL') ?? '')?.[1];
    if (text === undefined) return yield* inconclusive('a max-age', 'none');
    yield* expectThat(Number(text) >= 1_800, 'a max-age of at least 1800', text);
  },

  async *'ssdp/location-reachable'(bench) {
    const reply = yield* await anyReply(bench);
    const location = reply.header('LOCATION') ?? '';
    if (hostOf(location) === null) return yield* missed('LOCATION with an http URL', location);
    const { status } = yield* bench.get(location);
    yield* expectThat(status >= 200 && status < 300, `a document at ${location}`, `HTTP ${status}`);
  },

  async *'ssdp/bootid-configid'(bench) {
    const first = identifiersIn(yield* await anyReply(bench));
    const areNumbers = first.every((text) => /^\d{1,10}$/.test(text));
    const named = 'BOOTID.UPNP.ORG and CONFIGID.UPNP.ORG';
    yield* expectThat(areNumbers, `${named} with whole numbers`, first.join(' and '));
    const second = identifiersIn(yield* await anyReply(bench));
    yield* expectThat(
      first.join() === second.join(),
      `the same ${named} each time`,
      `${first.join(' and ')}, then ${second.join(' and ')}`,
    );
  },

  async *'ssdp/alive-byebye'(bench) {
    const { reboot, self, subject, clock } = bench;
    if (reboot === null) return yield* notApplicable('a way to reboot the gateway', 'none');
    const options = { family: 'ipv4', localPort: SEARCH_GROUP.port, memberships: [SEARCH_GROUP.address] } as const;
    const interfaces = (await self.transport.interfaces.list()).unwrapOr([]);
    const multicastInterface = interfaces.find(({ address }) => address === self.address);
    const opened = await self.transport.datagram.open({ ...options, multicastInterface });
    if (opened.isErr()) return yield* inconclusive('a socket for announcements', opened.error.message);
    const socket = opened.value;
    const formerBootId = (await anyReply(bench)).map((reply) => reply.header(BOOT_ID)).unwrapOr(undefined);
    const heard: Announcement[] = [];
    let latest = clock.now();
    const listening = (async () => {
      for await (const { payload, from } of socket.datagrams) {
        const { startLine, headers } = readSsdpMessage(payload);
        const isOwn = isMessageOf(subject, headers, from.address);
        if (!isOwn || !startLine.startsWith('NOTIFY')) continue;
        const [nts = '', bootId] = ['NTS', BOOT_ID].map((name) => headerValue(headers, name)?.trim());
        if (heard.length < 1_000) heard.push({ nts, bootId, pauseMs: clock.now() - latest });
        latest = clock.now();
      }
    })();
    await reboot();
    const isUp = (): boolean => ['byebye', 'alive'].includes(beginningOf(heard, formerBootId));
    const end = clock.now() + BOOT_MS;
    while (!isUp() && clock.now() < end && !bench.isEnded) await bench.sleep(SLICE_MS);
    await socket.close();
    await listening;
    const beginning = beginningOf(heard, formerBootId);
    if (beginning === 'unclear') yield* inconclusive('announcements that differ from those before the boot', 'none');
    yield* expectThat(beginning !== 'none', 'ssdp:alive after a boot', 'none');
    yield* expectThat(beginning === 'byebye', 'ssdp:byebye right before the first ssdp:alive', 'none');
  },
};

/** No pattern matches it: not even that of an empty value. */
const ABSENT = '\n';

const HEADERS: readonly (readonly [name: string, value: RegExp])[] = [
  ['CACHE-CONTROL', /max-age\s*=\s*\d+/i],
  ['EXT', /^$/],
  ['LOCATION', /^http:\/\/\S+$/i],
  ['SERVER', /[^\s]/],
  ['ST', /\S/],
  ['USN', /^uuid:\S/i],
];

function identifiersIn(reply: SearchReply): readonly string[] {
  return [BOOT_ID, 'CONFIGID.UPNP.ORG'].map((name) => reply.header(name) ?? '(absent)');
}
