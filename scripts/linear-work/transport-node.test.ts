/** Every parser of the transport for Node: the work grows with the length of the input, whatever the input is. */
import { describe, test } from 'vitest';
import { ResponseReader } from '../../packages/transport-node/src/http-response.ts';
import { parseTarget } from '../../packages/transport-node/src/http-target.ts';
import { ipv4DefaultRouters, ipv6DefaultRouters } from '../../packages/transport-node/src/route-table.ts';
import { expectLinear, expectLinearReader, pumped } from './expect-linear.test-support.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

describe.each([1, 1_000, Infinity])('a response in pieces of %d bytes', (pieceBytes) => {
  test.each([
    ['empty lines', '\n', ''],
    ['a status line without end', '1', 'HTTP/1.1 '],
    ['spaces in a status line', ' ', 'HTTP/1.1'],
    ['a field without end', 'a', `${OK}A:`],
    ['a field of spaces', ' ', `${OK}A:`],
    ['fields', 'A:b\r\n', OK],
    ['interim answers', 'HTTP/1.1 103 a\r\n\r\n', ''],
    ['a body', 'a', `${OK}\r\n`],
    ['chunks of one byte', '1\r\na\r\n', CHUNKED],
    ['the size of a chunk', '0', CHUNKED],
    ['spaces behind the size of a chunk', ' ', `${CHUNKED}1`],
    ['trailers', 'A:b\r\n', `${CHUNKED}0\r\n`],
  ])('%s', (_name, part, before) => {
    expectLinear((length) => {
      const bytes = Buffer.from(pumped(length, part, before), 'latin1');
      return () => {
        const reader = new ResponseReader(length);
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          const read = reader.take(bytes.subarray(at, at + pieceBytes));
          if (read !== null) return read;
        }
        return reader.end();
      };
    });
  });
});

test.each(['a', '%25', '[', ':', '1', '@', '/', '?', '%', ' '])('a URL of %j', (part) => {
  for (const before of ['', 'http://', 'http://[fe80::1%25', 'http://192.168.1.1:']) {
    expectLinearReader(
      (text) => parseTarget(text, true),
      (length) => pumped(length, part, before, '\n'),
    );
  }
});

const ROUTE = 'eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\n';
const ROUTE6 = `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe80${'0'.repeat(27)}1 00000400 00000001 00000000 00450003 eth0\n`;

test.each([
  ...['\n', ' ', '\t', '0', ROUTE].map((part) => [part, (text: string) => ipv4DefaultRouters(text, 'LE')] as const),
  ...['\n', ' ', '0', ROUTE6].map((part) => [part, ipv6DefaultRouters] as const),
])('a route table of %j', (part, read) => {
  expectLinearReader(read, (length) => pumped(length, part, 'Iface\tDestination\n'));
});
