import { transportHints } from '@portwright/core/internal';
import { describe, expect, it } from 'vitest';
import { fromSystem, transportError } from './transport-error.ts';

describe("the system's errors", () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'reset'],
    ['ECONNABORTED', 'reset'],
    ['EPIPE', 'reset'],
    ['EHOSTUNREACH', 'unreachable'],
    ['EHOSTDOWN', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ENETDOWN', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['EAI_AGAIN', 'unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['EMSGSIZE', 'too-large'],
    ['EADDRINUSE', 'address-in-use'],
    ['EADDRNOTAVAIL', 'no-such-interface'],
    ['ENODEV', 'no-such-interface'],
    ['ENXIO', 'no-such-interface'],
    ['EACCES', 'not-permitted'],
    ['EPERM', 'not-permitted'],
    ['EINVAL', 'failed'],
    ['ERR_INVALID_CHAR', 'failed'],
    ['constructor', 'failed'],
  ])('%s is %s', (cause, code) => {
    const error = fromSystem(Object.assign(new Error('x'), { code: cause, syscall: 'read' }), 'GET http://192.0.2.1/');
    expect(error).toMatchObject({ kind: 'transport', code, cause });
    expect(error.message).toMatch(/^GET http:\/\/192\.0\.2\.1\/: \S/);
  });

  it.each([undefined, null, 'text', 7, new Error('no code'), { code: 42 }])(
    '%j, without a code, is failed',
    (thrown) => {
      expect(fromSystem(thrown, 'x')).toEqual({
        kind: 'transport',
        code: 'failed',
        message: 'x: the system reported an error',
        hint: transportHints.failed,
      });
    },
  );
});

it('has no keys for what it does not know', () => {
  expect(transportError('aborted', 'GET http://192.0.2.1/')).toEqual({
    kind: 'transport',
    code: 'aborted',
    message: 'GET http://192.0.2.1/: aborted by the caller',
  });
});
