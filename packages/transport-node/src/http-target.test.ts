import { describe, expect, it } from 'vitest';
import { parseTarget } from './http-target.ts';

describe('a URL whose host is an IP literal', () => {
  it.each([
    ['http://192.168.1.1:5000/rootDesc.xml', '192.168.1.1', 5000, '/rootDesc.xml'],
    ['http://192.168.1.1/', '192.168.1.1', 80, '/'],
    ['http://192.168.1.1', '192.168.1.1', 80, '/'],
    ['http://192.168.1.1:80?x=1', '192.168.1.1', 80, '/?x=1'],
    ['HTTP://192.168.1.1:1/A//b/../c%20d?e=f&g', '192.168.1.1', 1, '/A//b/../c%20d?e=f&g'],
    ['http://192.168.1.1/a@b:c', '192.168.1.1', 80, '/a@b:c'],
    ['http://[::1]:65535/x', '::1', 65535, '/x'],
    ['http://[2001:db8::1]', '2001:db8::1', 80, '/'],
    ['http://[fe80::1%25eth0]:5000/', 'fe80::1%eth0', 5000, '/'],
    ['http://[fe80::1%25br-lan.100]:5000/', 'fe80::1%br-lan.100', 5000, '/'],
    ['http://[fe80::1%eth0]:5000/', 'fe80::1%eth0', 5000, '/'],
    ['http://[fe80::1%4]/', 'fe80::1%4', 80, '/'],
    ['http://[::ffff:192.168.1.1]/', '::ffff:192.168.1.1', 80, '/'],
  ])('%s', (url, host, port, path) => {
    expect(parseTarget(url, false)._unsafeUnwrap()).toEqual({ host, port, path });
  });
});

describe('a URL that names its host, or spells an address in another way', () => {
  it.each([
    'localhost',
    'router.local',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '1.2.3.4.5',
    '192.168.1.256',
  ])('http://%s/ is refused', (host) => {
    const error = parseTarget(`http://${host}/`, false)._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'transport', code: 'not-permitted' });
    expect(error.message).toContain(host);
    expect(error.hint).toContain('IP address');
  });

  it('is accepted where names are allowed', () => {
    expect(parseTarget('http://localhost:8080/a', true)._unsafeUnwrap()).toEqual({
      host: 'localhost',
      port: 8080,
      path: '/a',
    });
  });
});

describe.each([false, true])('what is no http URL, names allowed: %s', (allowHostNames) => {
  it.each([
    '',
    'http://',
    'http:///x',
    'https://192.168.1.1/',
    'ftp://192.168.1.1/',
    '192.168.1.1',
    '/path',
    'http://user@192.168.1.1/',
    'http://user:secret@192.168.1.1/',
    'http://192.168.1.1:0/',
    'http://192.168.1.1:65536/',
    'http://192.168.1.1:/',
    'http://192.168.1.1:5000x/',
    'http://192.168.1.1:-1/',
    'http://192.168.1.1%eth0/',
    'http://192.168.1.1\\@10.0.0.1/',
    'http://192.168.1.1/#fragment',
    'http://192.168.1.1/a b',
    'http://192.168.1.1/a\r\nX: y',
    'http://192.168.1.1/a\n',
    'http://192.168.1.1/\u00e9',
    'http://[192.168.1.1]/',
    'http://[router]/',
    'http://[fe80::1%25]/',
    'http://[::1/',
    'http://::1/',
    'http://[::1]x/',
    ' http://192.168.1.1/',
  ])('%j', (url) => {
    expect(parseTarget(url, allowHostNames)._unsafeUnwrapErr()).toMatchObject({
      code: 'failed',
      cause: 'ERR_INVALID_URL',
    });
  });
});
