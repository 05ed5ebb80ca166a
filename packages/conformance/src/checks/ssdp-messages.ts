/** What stands in answers and announcements. */
import { rewritesReplies, leavesOut } from '../mutants/mutant.ts';
import { headerValue } from '@portwright/core';
import type { SearchReply } from '../bench/search.ts';
import { isMessageOf } from '../bench/subject.ts';
import { expectThat, inconclusive, missed, notApplicable } from '../shortfall.ts';
import { readSsdpMessage, SEARCH_GROUP } from '../wire/ssdp-message.ts';
import { hostOf } from '../wire/text.ts';
import { type Announcement, beginningOf } from './boot-announcements.ts';
import type { Checks } from './check.ts';
import { anyReply } from './ssdp-search.ts';

/** Milliseconds for a gateway to come up again. */
const BOOT_MS = 180_000;
/** The longest single wait, in milliseconds. A virtual clock advances by itself only during waits of up to a minute. */
const SLICE_MS = 1_000;

/** "increased on each initial announce" (UDA 1.1, 1.2.2). */
const BOOT_ID = 'BOOTID.UPNP.ORG';

export const SSDP_MESSAGE_CHECKS: Checks = {
  'ssdp/reply-headers': {
    sentence: 'An answer has CACHE-CONTROL with max-age, an empty EXT, LOCATION, SERVER, ST and USN.',
    clause: 'UDA 1.0, 1.2.3; UDA 1.1, 1.3.3',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const reply = yield* await anyReply(bench);
      const wrong = HEADERS.filter(([name, pattern]) => !pattern.test(reply.header(name) ?? ABSENT));
      const shown = wrong.map(([name]) => `${name}: ${reply.header(name) ?? '(absent)'}`);
      yield* expectThat(
        wrong.length === 0,
        'CACHE-CONTROL with max-age, an empty EXT, LOCATION, SERVER, ST and USN',
        shown.join(', '),
      );
    },
    mutant: {
      what: 'answers have no EXT',
      hooks: rewritesReplies((text) => text.replace(/^EXT:.*\r\n/m, '')),
    },
  },

  'ssdp/maxage-1800': {
    sentence: 'The max-age of an answer is at least 1800 seconds.',
    clause: 'UDA 1.0, 1.2.3; UDA 1.1, 1.3.3: "SHOULD be greater than or equal to 1800 seconds"',
    level: 'should',
    kind: 'read',
    async *check(bench) {
      const reply = yield* await anyReply(bench);
      const text = /max-age\s*=\s*(\d{1,10})/i.exec(reply.header('CACHE-CONTROL') ?? '')?.[1];
      if (text === undefined) return yield* inconclusive('a max-age', 'none');
      yield* expectThat(Number(text) >= 1_800, 'a max-age of at least 1800', text);
    },
    mutant: { what: 'answers are good for a minute', options: { maxAge: 60 } },
  },

  'ssdp/location-reachable': {
    sentence: 'The description is available at LOCATION on the interface of the search.',
    clause: 'UDA 1.1, 1.3.3: "MUST specify an address that is reachable on that interface"',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const reply = yield* await anyReply(bench);
      const location = reply.header('LOCATION') ?? '';
      if (hostOf(location) === null) return yield* missed('LOCATION with an http URL', location);
      const { status } = yield* bench.get(location);
      yield* expectThat(status >= 200 && status < 300, `a document at ${location}`, `HTTP ${status}`);
    },
    mutant: {
      what: 'LOCATION names a port without a server',
      hooks: rewritesReplies((text) => text.replace(/^(LOCATION: http:\/\/[^:]+):\d+/m, '$1:1')),
    },
  },

  'ssdp/bootid-configid': {
    sentence: 'Answers have BOOTID.UPNP.ORG and CONFIGID.UPNP.ORG, whole numbers that do not change.',
    clause: 'UDA 1.1, Discovery: Advertisement and Search response',
    level: 'must',
    kind: 'read',
    appliesTo: ['UDA:1.1'],
    async *check(bench) {
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
    mutant: {
      what: 'BOOTID is another in each answer',
      hooks: (environment) =>
        rewritesReplies((text) => {
          const number = Math.floor(environment.random.fraction() * 1_000_000);
          return text.replace(/^(BOOTID\.UPNP\.ORG: ).*/m, `$1${number}`);
        })(environment),
    },
  },

  'ssdp/alive-byebye': {
    sentence: 'At boot the gateway multicasts ssdp:byebye before its first ssdp:alive.',
    clause: 'WANIPConnection:2, 1.2 and 2.3.23',
    level: 'must',
    kind: 'disruptive',
    appliesTo: ['WANIPConnection:2'],
    needs: ['reboot'],
    async *check(bench) {
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
    mutant: { what: 'there is no byebye at boot', hooks: leavesOut('byebye') },
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
