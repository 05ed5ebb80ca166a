/** Every parser of the conformance suite: the work grows with the length of the input, whatever the input is. */
import { test } from 'vitest';
import { wireLines } from '../../packages/conformance/src/reports/wire-text.ts';
import { readSoapAnswer } from '../../packages/conformance/src/wire/soap-answer.ts';
import { readSsdpMessage } from '../../packages/conformance/src/wire/ssdp-message.ts';
import { authorityOf, excerpt, hostOf, utf8 } from '../../packages/conformance/src/wire/text.ts';
import { readXml } from '../../packages/conformance/src/wire/xml.ts';
import { expectLinearReader, numbered, pumped } from './expect-linear.test-support.ts';

/** The word as often as it takes, between a beginning and an end. */
function long(word: string, before = '', after = ''): (length: number) => string {
  return (length) => pumped(length, word, before, after);
}

const message = (text: string): unknown => readSsdpMessage(utf8(text));
const report = (text: string): unknown =>
  wireLines([{ kind: 'received', at: 0, payload: utf8(text), from: { address: '192.168.1.1', port: 1_900 } }], {
    exchanges: 1,
    body: 200_000,
  });
const answer = (text: string): unknown => readSoapAnswer({ status: 200, headers: [], body: utf8(text) }, 'Get');

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
  ['namespaces on the root', readXml, numbered((index) => ` xmlns:n${index}="u"`, '<a', '><b/></a>')],
  ['namespaces on each element', readXml, long('<b xmlns:x="u"/>', '<a xmlns:y="u">', '</a>')],
  ['elements', readXml, long('<b/>', '<a>', '</a>')],
  ['attributes', readXml, numbered((index) => ` a${index}=""`, '<a', '/>')],
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
  expectLinearReader(read, make);
});
