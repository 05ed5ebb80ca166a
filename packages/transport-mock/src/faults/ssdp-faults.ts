import { neighbourOf } from './elsewhere.ts';
import type { FaultDefinition } from './fault.ts';
import { changeMessage, garbage, replaceHeader, replaceLocation } from './ssdp-rewrite.ts';

/** What goes wrong with searches and their answers. */
export const SSDP_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  'udp-loss': {
    row: 1,
    what: 'the search or all its answers are lost',
    remedy: 'sends three M-SEARCH requests, some time apart',
    testSetup: { when: { until: '400ms' } },
    hooks: () => ({ search: () => [] }),
  },
  'udp-loss-of-half': {
    row: 1,
    what: 'each answer is lost with a probability of one half',
    remedy: 'sends three M-SEARCH requests, some time apart',
    hooks: ({ random }) => ({ search: (answers) => answers.filter(() => random.fraction() >= 0.5) }),
  },
  'duplicate-answers': {
    row: 2,
    what: 'every answer arrives twice',
    remedy: 'lists a device once, by its UDN and LOCATION',
    hooks: () => ({ search: (answers) => answers.flatMap((answer) => [answer, answer]) }),
  },
  'answers-out-of-order': {
    row: 3,
    what: 'the answers arrive in reverse order, 5 ms apart',
    remedy: 'accepts answers in any order',
    hooks: () => ({
      search: (answers) => answers.map((answer, at) => ({ ...answer, delayMs: 5 * (answers.length - 1 - at) })),
    }),
  },
  'late-answers': {
    row: 3,
    what: 'answers arrive half a second after MX',
    remedy: 'accepts them until its own deadline, and ignores later ones',
    hooks: () => ({
      search: (answers, { maximumWait }) =>
        answers.map((answer) => ({ ...answer, delayMs: (maximumWait ?? 0) * 1_000 + 500 })),
    }),
  },
  'garbage-datagram': {
    row: 4,
    what: 'a datagram of random bytes precedes each answer',
    remedy: 'drops it, and counts it',
    hooks: ({ random }) => ({
      search: (answers) => answers.flatMap((answer) => [{ ...answer, payload: garbage(random) }, answer]),
    }),
  },
  'empty-datagram': {
    row: 4,
    what: 'an empty datagram precedes each answer',
    remedy: 'drops it, and counts it',
    hooks: () => ({
      search: (answers) => answers.flatMap((answer) => [{ ...answer, payload: new Uint8Array() }, answer]),
    }),
  },
  'truncated-datagram': {
    row: 4,
    what: 'answers are cut off in the middle of their headers',
    remedy: 'drops those that say too little, and counts them',
    testSetup: { when: { until: '400ms' } },
    hooks: ({ random }) => ({
      search: (answers) =>
        answers.map((answer) => {
          const end = answer.payload.length;
          // Before the empty line that ends the headers, and behind the status line.
          return { ...answer, payload: answer.payload.slice(0, 20 + Math.floor(random.fraction() * (end - 24))) };
        }),
    }),
  },
  'answers-from-another-port': {
    row: 5,
    what: 'answers come from a port other than 1900',
    remedy: 'accepts them',
    hooks: ({ random }) => {
      const port = 49_152 + Math.floor(random.fraction() * 16_384);
      return { search: (answers) => answers.map((answer) => ({ ...answer, from: { ...answer.from, port } })) };
    },
  },
  'unicast-searches-only': {
    row: 6,
    what: 'the gateway answers only searches sent to its own address',
    remedy: 'also searches at the default router’s address',
    hooks: () => ({ search: (answers, { isMulticast }) => (isMulticast ? [] : answers) }),
  },
  'multicast-searches-only': {
    row: 6,
    what: 'the gateway answers only searches sent to the multicast group',
    remedy: 'also searches by multicast',
    hooks: () => ({ search: (answers, { isMulticast }) => (isMulticast ? answers : []) }),
  },
  'ssdp-all-hides-the-gateway': {
    row: 7,
    what: 'the gateway answers ssdp:all with a WFADevice only (Sagemcom)',
    remedy: 'searches for the gateway types by name',
    hooks: () => ({
      search: (answers, { target }) => {
        if (target !== 'ssdp:all') return answers;
        return answers.slice(0, 1).map((answer) => {
          const type = 'urn:schemas-wifialliance-org:device:WFADevice:1';
          const payload = replaceHeader(answer.payload, 'ST', type);
          return {
            ...answer,
            payload: replaceHeader(payload, 'USN', `uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e5ff::${type}`),
          };
        });
      },
    }),
  },
  'bare-line-feeds': {
    row: 8,
    what: 'lines of answers end with LF only',
    remedy: 'accepts it',
    hooks: () => ({ search: changeMessage((message) => message.replaceAll('\r\n', '\n')) }),
  },
  'odd-header-case': {
    row: 8,
    what: 'header names of answers have odd case: lOcAtIoN',
    remedy: 'compares names case-insensitively',
    hooks: () => ({
      search: changeMessage((message) =>
        message.replace(/^[\w.-]+(?=:)/gm, (name) =>
          name.replace(/./g, (letter, at: number) => (at % 2 === 0 ? letter.toLowerCase() : letter.toUpperCase())),
        ),
      ),
    }),
  },
  'answers-without-line-end': {
    row: 8,
    what: 'the last line of answers has no line end',
    remedy: 'accepts it',
    hooks: () => ({ search: changeMessage((message) => message.trimEnd()) }),
  },
  'answers-after-empty-line': {
    row: 8,
    what: 'answers begin with an empty line',
    remedy: 'skips it',
    hooks: () => ({ search: changeMessage((message) => `\r\n${message}`) }),
  },
  'spaces-around-location': {
    row: 8,
    what: 'LOCATION has spaces around it, and one before its path',
    remedy: 'drops them',
    hooks: () => ({ search: replaceLocation((url) => `  ${url.replace(/^(http:\/\/[^/]*)\//, '$1 /')} \t`) }),
  },
  'location-on-another-host': {
    row: 52,
    what: 'LOCATION names another host of the network',
    remedy: 'asks the responder, at the same port and path',
    hooks: () => ({ search: replaceLocation((url) => url.replace(HOST, (host) => neighbourOf(host))) }),
  },
  'location-on-loopback': {
    row: 52,
    what: 'LOCATION names the loopback address',
    remedy: 'asks the responder, at the same port and path',
    hooks: () => ({
      search: replaceLocation((url) => url.replace(HOST, (host) => (host.startsWith('[') ? '[::1]' : '127.0.0.1'))),
    }),
  },
  'location-off-the-network': {
    row: 52,
    what: 'LOCATION names a public address',
    remedy: 'asks the responder, at the same port and path',
    // RFC 5737 and RFC 3849: addresses for documentation, which nobody has.
    hooks: () => ({
      search: replaceLocation((url) =>
        url.replace(HOST, (host) => (host.startsWith('[') ? '[2001:db8::66]' : '203.0.113.66')),
      ),
    }),
  },
  'link-local-location': {
    row: 53,
    what: 'LOCATION is a link-local IPv6 address without a zone; answers to IPv6 searches come from that address',
    remedy: 'uses the zone of the responder',
    testSetup: { router: { isSecure: false }, families: ['ipv6'] },
    hooks: ({ config }) => ({
      search: (answers, search) => {
        const { linkLocalAddress } = config();
        const own = replaceLocation((url) => url.replace(HOST, `[${linkLocalAddress}]`));
        return own(answers, search).map((answer) =>
          answer.from.address.includes(':')
            ? { ...answer, from: { ...answer.from, address: linkLocalAddress } }
            : answer,
        );
      },
    }),
  },
};

/** The host of an `http:` URL, an IPv6 address with its brackets. */
const HOST = /(?<=^http:\/\/)(?:\[[^\]]*\]|[^:/]*)/;
