import { describe, expect, test } from 'vitest';
import { parseKnownFailures } from './known-failures.ts';

test('a line is an id, a clause and a reason; a reason may have bars of its own', () => {
  const text =
    '# a router\r\n\r\n soap/wrong-urn | UDA 1.0, 3.2.2 | any type is its own\nssdp/* | UDA 1.1, 1.3 | a | b';
  expect(parseKnownFailures(text)._unsafeUnwrap()).toEqual([
    { id: 'soap/wrong-urn', clause: 'UDA 1.0, 3.2.2', reason: 'any type is its own' },
    { id: 'ssdp/*', clause: 'UDA 1.1, 1.3', reason: 'a | b' },
  ]);
});

describe('what is wrong is told with its line', () => {
  test.each([
    ['soap/wrong-urn', 'missing', 'line 1 of the known failures must be "id | clause | reason", not "soap/wrong-urn"'],
    ['#\n\nsoap/wrong-urn | UDA 1.0 |', 'missing', 'line 3 of the known failures must be'],
    [
      '#\nsoap/wrong-un | UDA 1.0 | a typing error',
      'missing',
      'line 2 of the known failures: there is no requirement soap/wrong-un',
    ],
  ])('%j', (text, code, message) => {
    const error = parseKnownFailures(text)._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'invalid-argument', code, argument: 'knownFailures' });
    expect(error.message).toContain(message);
  });
});
