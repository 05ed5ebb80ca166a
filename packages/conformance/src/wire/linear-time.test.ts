/** What a gateway sends is read in a time that grows as its length: twice the input takes at most 2.5 times as long. */
import { expect, test } from 'vitest';
import { wireLines } from '../reports/wire-text.ts';
import { readSoapAnswer } from './soap-answer.ts';
import { readSsdpMessage } from './ssdp-message.ts';
import { authorityOf, excerpt, hostOf, latin1, utf8 } from './text.ts';
import { readXml } from './xml.ts';

const SIZE = 65_536;
/** Milliseconds of the processor below which the growth is noise. A quadratic reader of this size takes more. */
const NOISE_MS = 20;
const TRIES = 5;

/** The word as often as it takes, between a beginning and an end. */
function long(word: string, before = '', after = ''): (size: number) => string {
  return (size) => before + word.repeat(Math.ceil(size / word.length)) + after;
}

const message = (text: string): unknown => readSsdpMessage(utf8(text));
const report = (text: string): unknown =>
  wireLines([{ kind: 'received', at: 0, payload: utf8(text), from: { address: '192.168.1.1', port: 1_900 } }], {
    exchanges: 1,
    body: 2 * SIZE,
  });
const answer = (text: string): unknown => readSoapAnswer({ status: 200, headers: [], body: utf8(text) }, 'Get');

/** A word that is repeated, in an element with as many namespaces as it is repeated. */
function manyNamespaces(size: number): string {
  const half = Math.floor(size / 2);
  const declarations = Array.from({ length: Math.floor(half / 14) }, (_, index) => ` xmlns:n${index}="u"`);
  return `<a${declarations.join('')}>${'<b/>'.repeat(Math.floor(half / 4))}</a>`;
}

test.each<readonly [what: string, read: (text: string) => unknown, make: (size: number) => string]>([
  ['an SSDP value of spaces', message, long(' ', 'HTTP/1.1 200 OK\r\nA:', 'x')],
  ['an SSDP value of spaces and letters', message, long(' x', 'HTTP/1.1 200 OK\r\nA:')],
  ['an SSDP name of spaces', message, long(' ', 'HTTP/1.1 200 OK\r\nA')],
  ['an SSDP name without end', message, long('A', 'HTTP/1.1 200 OK\r\n')],
  ['SSDP lines without end', message, long('\r\n')],
  ['carriage returns', message, long('\r')],
  ['a datagram of line feeds', report, long('\r\n', '', 'x')],
  ['a zone without end', authorityOf, long('%25', 'http://[fe80::1')],
  ['a host without end', hostOf, long('a', 'http://')],
  ['an address without end', hostOf, long('[', 'http://')],
  ['an excerpt', excerpt, long('\0')],
  ['namespaces on the root', readXml, manyNamespaces],
  ['namespaces on each element', readXml, long('<b xmlns:x="u"/>', '<a xmlns:y="u">', '</a>')],
  ['elements', readXml, long('<b/>', '<a>', '</a>')],
  [
    'attributes',
    readXml,
    (size) => `<a${Array.from({ length: Math.floor(size / 8) }, (_, n) => ` a${n}=""`).join('')}/>`,
  ],
  ['spaces in a tag', readXml, long(' ', '<a')],
  ['references', readXml, long('&amp;', '<a>', '</a>')],
  ['ampersands', readXml, long('&', '<a>', '</a>')],
  ['a comment without end', readXml, long('-', '<a><!--')],
  ['comments', readXml, long('<!---->', '<a>', '</a>')],
  ['CDATA without end', readXml, long(']]', '<a><![CDATA[')],
  ['CDATA', readXml, long('<![CDATA[]]>', '<a>', '</a>')],
  ['a DOCTYPE without end', readXml, long('"" ', '<!DOCTYPE a ')],
  ['brackets of a DOCTYPE', readXml, long('[]', '<!DOCTYPE a ')],
  ['an instruction without end', readXml, long('?', '<?a')],
  ['a fault without end', answer, long('<errorCode> ')],
])('%s', (_what, read, make) => {
  const [half, whole] = [make(SIZE / 2), make(SIZE)];
  const ms = shortest(() => read(whole));
  if (ms > NOISE_MS) expect(ms / shortest(() => read(half))).toBeLessThanOrEqual(2.5);
});

/** The shortest of several times, in milliseconds of the processor: others on the machine only make it longer. */
function shortest(run: () => unknown): number {
  const times = Array.from({ length: TRIES }, () => {
    const began = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}

test('what the faster readers take for a header is as before', () => {
  const text = 'NOTIFY * HTTP/1.1\r\nA : \t b c \t\r\n B: c\r\nC D: e\r\n: f\r\nG:\r\nH: i\rj\r\nno\r\n\r\n';
  expect(readSsdpMessage(utf8(text)).headers).toEqual([
    ['A', 'b c'],
    ['G', ''],
  ]);
  expect(latin1(utf8(authorityOf('http://[fe80::1%25eth0]:80/a')))).toBe('[fe80::1]:80');
  expect(authorityOf('http://192.168.1.1:80?a%25b]')).toBe('192.168.1.1:80');
  expect(readXml('<a xmlns="u"><b xmlns="v"><c/></b><d/></a>')._unsafeUnwrap().root).toMatchObject({
    namespace: 'u',
    children: [{ namespace: 'v', children: [{ namespace: 'v' }] }, { namespace: 'u' }],
  });
});
