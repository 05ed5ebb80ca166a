import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpUrl, parseHttpUrl, resolveHttpUrl, sameUrlHost } from './url.ts';

describe('parseHttpUrl', () => {
  const plain = { host: '192.168.1.1', port: 80, path: '/', query: null };

  it.each([
    ['http://192.168.1.1', plain],
    ['HTTP://192.168.1.1/', plain],
    ['http://192.168.1.1:/', plain],
    ['http://192.168.1.1:80/', plain],
    ['http://192.168.1.1:0080/', plain],
    ['http://192.168.1.1/#top', plain],
    ['http://192.168.1.1:65535/', { ...plain, port: 65535 }],
    ['http://192.168.1.1?a=b?c', { ...plain, query: 'a=b?c' }],
    ['http://192.168.1.1/?', { ...plain, query: '' }],
    ['http://192.168.1.1:5000/rootDesc.xml', { ...plain, port: 5000, path: '/rootDesc.xml' }],
    ['http://192.168.1.1/uuid:1/WANIPConnection:1', { ...plain, path: '/uuid:1/WANIPConnection:1' }],
    ['http://192.168.1.1//a/../b', { ...plain, path: '//a/../b' }],
    ['http://Router.Example/', { ...plain, host: 'router.example' }],
    ['http://2130706433/', { ...plain, host: '2130706433' }],
    ['http://[FD00::1]/', { ...plain, host: 'fd00::1' }],
    ['http://[::ffff:192.0.2.1]:8080/a', { ...plain, host: '::ffff:192.0.2.1', port: 8080, path: '/a' }],
    ['http://[fe80::1%25Eth0]:1900/', { ...plain, host: 'fe80::1%Eth0', port: 1900 }],
    ['http://[fe80::1%eth0]/', { ...plain, host: 'fe80::1%eth0' }],
    ['http://[fe80::1%25]/', { ...plain, host: 'fe80::1%25' }],
  ])('reads %s', (text, url) => {
    expect(parseHttpUrl(text)._unsafeUnwrap()).toEqual(url);
  });

  it.each([
    '',
    'http:',
    'http:/',
    'http://',
    'http:///a',
    'http:192.168.1.1',
    '//192.168.1.1/',
    '/a',
    '192.168.1.1',
    'http://192.168.1.1:0/',
    'http://192.168.1.1:65536/',
    'http://192.168.1.1:-1/',
    'http://192.168.1.1:8a/',
    'http://192.168.1.1:99999999999/',
    'http://192.168.1.1:80:80/',
    'http://fe80::1/',
    'http://[192.168.1.1]/',
    'http://[fe80::1/',
    'http://fe80::1]/',
    'http://[fe80::1]a/',
    'http://[::g]/',
    'http://[fe80::1%]/',
    'http://[v1.a]/',
    'http://a%2eb/',
    'http://a\\b/',
    'http://192.168.1.1\\@evil/',
    'http://192.168.1.1/a b',
    ' http://192.168.1.1/',
    'http://192.168.1.1/ ',
    'http://192.168.1.1/\r\nX: y',
    'http://192.168.1.1/\n',
    'http://192.168.1.1/#\n',
    'http://192.168.1.1/\u0000',
    'http://192.168.1.1/\u007f',
    'http://192.168.1.1/\t',
    'http://192.168.1.1/é',
    'http://１92.168.1.1/',
  ])('refuses %j: no URL', (text) => {
    expect(parseHttpUrl(text)._unsafeUnwrapErr()).toBe('bad-url');
  });

  it.each(['https://192.168.1.1/', 'ftp://192.168.1.1/', 'file:///etc/passwd', 'javascript:alert(1)'])(
    'refuses %j: another scheme',
    (text) => {
      expect(parseHttpUrl(text)._unsafeUnwrapErr()).toBe('not-http');
    },
  );

  it.each(['http://a@b@c/', 'http://u@192.168.1.1/', 'http://@192.168.1.1/'])(
    'refuses %j: user information',
    (text) => {
      expect(parseHttpUrl(text)._unsafeUnwrapErr()).toBe('user-information');
    },
  );
});

describe('resolveHttpUrl', () => {
  const base = parseHttpUrl('http://a/b/c/d;p?q')._unsafeUnwrap();

  it.each([
    // RFC 3986, 5.4.1, less the references to another scheme; a fragment is dropped.
    ['g', 'http://a/b/c/g'],
    ['./g', 'http://a/b/c/g'],
    ['g/', 'http://a/b/c/g/'],
    ['/g', 'http://a/g'],
    ['//g', 'http://g/'],
    ['?y', 'http://a/b/c/d;p?y'],
    ['g?y', 'http://a/b/c/g?y'],
    ['#s', 'http://a/b/c/d;p?q'],
    ['g#s', 'http://a/b/c/g'],
    ['g?y#s', 'http://a/b/c/g?y'],
    [';x', 'http://a/b/c/;x'],
    ['g;x', 'http://a/b/c/g;x'],
    ['g;x?y#s', 'http://a/b/c/g;x?y'],
    ['', 'http://a/b/c/d;p?q'],
    ['.', 'http://a/b/c/'],
    ['./', 'http://a/b/c/'],
    ['..', 'http://a/b/'],
    ['../', 'http://a/b/'],
    ['../g', 'http://a/b/g'],
    ['../..', 'http://a/'],
    ['../../', 'http://a/'],
    ['../../g', 'http://a/g'],
    // RFC 3986, 5.4.2.
    ['../../../g', 'http://a/g'],
    ['../../../../g', 'http://a/g'],
    ['/./g', 'http://a/g'],
    ['/../g', 'http://a/g'],
    ['g.', 'http://a/b/c/g.'],
    ['.g', 'http://a/b/c/.g'],
    ['g..', 'http://a/b/c/g..'],
    ['..g', 'http://a/b/c/..g'],
    ['./../g', 'http://a/b/g'],
    ['./g/.', 'http://a/b/c/g/'],
    ['g/./h', 'http://a/b/c/g/h'],
    ['g/../h', 'http://a/b/c/h'],
    ['g;x=1/./y', 'http://a/b/c/g;x=1/y'],
    ['g;x=1/../y', 'http://a/b/c/y'],
    ['g?y/./x', 'http://a/b/c/g?y/./x'],
    ['g?y/../x', 'http://a/b/c/g?y/../x'],
    ['g#s/../x', 'http://a/b/c/g'],
    // What routers write.
    ['/uuid:1/WANIPConnection:1', 'http://a/uuid:1/WANIPConnection:1'],
    ['ctl/IPConn?x=1', 'http://a/b/c/ctl/IPConn?x=1'],
    ['http://192.168.1.1:2828/ctl', 'http://192.168.1.1:2828/ctl'],
    ['HTTP://B:80/x/../y', 'http://b/y'],
    ['//b:8080/x?y', 'http://b:8080/x?y'],
    ['?', 'http://a/b/c/d;p?'],
    // A space and letters beyond ASCII, which some routers leave as they are.
    ['a b', 'http://a/b/c/a%20b'],
    ['é', 'http://a/b/c/%C3%A9'],
    ['/路由器/😀?x y=ü', 'http://a/%E8%B7%AF%E7%94%B1%E5%99%A8/%F0%9F%98%80?x%20y=%C3%BC'],
    ['http://a:5000/upnp control/IP Conn', 'http://a:5000/upnp%20control/IP%20Conn'],
    ['/a%20b', 'http://a/a%20b'],
  ])('%s', (reference, expected) => {
    expect(formatHttpUrl(resolveHttpUrl(reference, base)._unsafeUnwrap())).toBe(expected);
  });

  it.each([
    'g:h',
    'http:g',
    'https://a/',
    'javascript:x',
    ' a',
    'a ',
    'a\u0085b',
    'a\ud800b',
    'a b\r\nX: y',
    'a\tb',
    '\\\\evil\\x',
    '/\\evil',
    '#\n',
    '//é/',
    '//a b/c d',
    'http://１92.168.1.1/a',
    'http:\\\\evil/x',
    '//a\\b/c',
    '//a\\@evil/c',
    'java\nscript:x',
    '//',
    '//a:b',
    '//a b/',
  ])('refuses %j', (reference) => {
    expect(resolveHttpUrl(reference, base).isErr()).toBe(true);
  });

  it.each([
    ['a path', 'x'],
    ['a name beside the base', '/x'],
    ['a query', '?x'],
    ['letters that are longer when encoded', 'é'],
  ])('refuses %s that makes a URL of more than 2048 characters', (_what, start) => {
    const long = (length: number): string => start + 'y'.repeat(length - encodeURI(start).length);
    const resolved = formatHttpUrl(resolveHttpUrl(start, base)._unsafeUnwrap());
    const fits = 2048 - resolved.length + encodeURI(start).length;
    expect(resolveHttpUrl(long(fits), base).isOk()).toBe(true);
    expect(resolveHttpUrl(long(fits + 1), base).isErr()).toBe(true);
  });

  it('agrees with the platform on any path', () => {
    const reference = fc.string({ unit: fc.constantFrom('.', '/', 'a', 'b', '?', ';'), maxLength: 12 });
    fc.assert(
      fc.property(reference, (path) => {
        fc.pre(!path.startsWith('//'));
        const platform = new URL(path, 'http://a/b/c/d;p?q').href;
        expect(formatHttpUrl(resolveHttpUrl(path, base)._unsafeUnwrap())).toBe(platform);
      }),
      { numRuns: 1000 },
    );
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => [parseHttpUrl(text), resolveHttpUrl(text, base)]).not.toThrow();
      }),
    );
  });
});

describe('formatHttpUrl', () => {
  it.each([
    ['HTTP://192.168.1.1:80', 'http://192.168.1.1/'],
    ['http://192.168.1.1:5000/a?b#c', 'http://192.168.1.1:5000/a?b'],
    ['http://[FE80::1%eth0]:1900', 'http://[fe80::1%25eth0]:1900/'],
  ])('%s', (text, expected) => {
    expect(formatHttpUrl(parseHttpUrl(text)._unsafeUnwrap())).toBe(expected);
  });

  it('is read back as the same URL', () => {
    const url = fc.webUrl({ validSchemes: ['http'], withQueryParameters: true });
    fc.assert(
      fc.property(url, (text) => {
        const parsed = parseHttpUrl(text)._unsafeUnwrap();
        expect(parseHttpUrl(formatHttpUrl(parsed))._unsafeUnwrap()).toEqual(parsed);
      }),
    );
  });
});

describe('sameUrlHost', () => {
  it.each([
    ['192.168.1.10', '192.168.1.010', false],
    ['192.168.1.1', '192.168.1.1', true],
    ['192.168.1.1', '::ffff:c0a8:101', true],
    ['fe80::1%eth0', 'fe80:0::1%eth1', true],
    ['router.example', 'router.example', true],
    ['router.example', 'router.example.com', false],
    ['192.168.1.1', '192.168.1.10', false],
    ['127.1', '127.0.0.1', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(sameUrlHost(one, other)).toBe(same);
  });
});
