import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyError } from '../errors.ts';
import {
  checkGatewayUrl,
  checkLocation,
  checkRedirect,
  checkServiceUrl,
  type LocationPolicy,
} from './location-policy.ts';

const interfaces: LocationPolicy['interfaces'] = [
  { name: 'lo', family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: true },
  { name: 'eth0', family: 'ipv4', address: '192.168.1.7', prefixLength: 24, internal: false },
  { name: 'eth0', family: 'ipv6', address: '2a02:1:2:3::7', prefixLength: 64, internal: false },
  { name: 'eth0', family: 'ipv6', address: 'fe80::7', prefixLength: 64, internal: false, zone: 'eth0' },
  { name: 'eth1', family: 'ipv4', address: '81.2.3.4', prefixLength: 28, internal: false },
];
const ula = { name: 'eth0', family: 'ipv6', address: 'fd00::7', prefixLength: 64, internal: false } as const;
const router: LocationPolicy = { responder: '192.168.1.1', interfaces };

describe('checkLocation accepts', () => {
  it.each([
    ['the responder', 'http://192.168.1.1:5000/rootDesc.xml', router, 'http://192.168.1.1:5000/rootDesc.xml'],
    [
      'the responder as an IPv4-mapped address',
      'http://192.168.1.1/',
      { ...router, responder: '::ffff:192.168.1.1' },
      'http://192.168.1.1/',
    ],
    [
      'a private default router outside of our subnets',
      'http://10.9.8.7/',
      { ...router, responder: '10.9.8.7', defaultRouter: '10.9.8.7' },
      'http://10.9.8.7/',
    ],
    [
      'a unique local address of our subnet',
      'http://[FD00:0::1]/',
      { responder: 'fd00::1', interfaces: [...interfaces, ula] },
      'http://[fd00:0::1]/',
    ],
    ['port 443', 'http://192.168.1.1:443/', router, 'http://192.168.1.1:443/'],
    ['port 1900, as of an eero', 'http://192.168.1.1:1900/', router, 'http://192.168.1.1:1900/'],
    ['port 1024', 'http://192.168.1.1:1024/', router, 'http://192.168.1.1:1024/'],
    [
      'a public address of our subnet',
      'http://81.2.3.1:1900/',
      { ...router, responder: '81.2.3.1' },
      'http://81.2.3.1:1900/',
    ],
    [
      'a public IPv6 address of our subnet',
      'http://[2a02:1:2:3::1]/',
      { ...router, responder: '2a02:1:2:3::1' },
      'http://[2a02:1:2:3::1]/',
    ],
    [
      'a link-local address without a zone: the responder’s',
      'http://[fe80::1]:5000/',
      { ...router, responder: 'fe80::1%eth0' },
      'http://[fe80::1%25eth0]:5000/',
    ],
    [
      'a link-local address with the router’s own zone',
      'http://[fe80::1%25br0]/',
      { ...router, responder: 'fe80::1%eth0' },
      'http://[fe80::1%25eth0]/',
    ],
    [
      'loopback from loopback',
      'http://127.0.0.1:5000/',
      { ...router, responder: '127.0.0.1' },
      'http://127.0.0.1:5000/',
    ],
    ['IPv6 loopback from itself', 'http://[::1]:5000/', { ...router, responder: '::1' }, 'http://[::1]:5000/'],
  ])('%s', (_name, location, policy, expected) => {
    expect(checkLocation(location, policy)._unsafeUnwrap()).toBe(expected);
  });
});

describe('checkLocation refuses', () => {
  it.each([
    ['another scheme', 'https://192.168.1.1/', 'not-http'],
    ['a file', 'file:///etc/passwd', 'not-http'],
    ['gopher, with which much was done', 'gopher://192.168.1.1:25/_HELO', 'not-http'],
    ['no URL', 'rootDesc.xml', 'bad-url'],
    ['nothing', '', 'bad-url'],
    ['CR LF', 'http://192.168.1.1/\r\nX: y', 'bad-url'],
    ['a backslash', 'http://192.168.1.1\\@8.8.8.8/', 'bad-url'],
    ['port 0', 'http://192.168.1.1:0/', 'bad-url'],
    ['user@host', 'http://user@192.168.1.1/', 'user-information'],
    ['the responder’s address as a user name', 'http://192.168.1.1@8.8.8.8/', 'user-information'],
    ['a DNS name', 'http://router.example/', 'host-name'],
    ['a name that starts like the responder', 'http://192.168.1.1.evil.example/', 'host-name'],
    ['localhost', 'http://localhost/', 'host-name'],
    ['the short form of loopback', 'http://127.1/', 'host-name'],
    ['decimal loopback', 'http://2130706433/', 'host-name'],
    ['hexadecimal loopback', 'http://0x7f.0.0.1/', 'host-name'],
    ['octal loopback', 'http://0177.0.0.1/', 'host-name'],
    ['a trailing dot', 'http://192.168.1.1./', 'host-name'],
    ['loopback', 'http://127.0.0.1:8080/', 'off-link-address'],
    ['IPv6 loopback', 'http://[::1]/', 'off-link-address'],
    ['loopback, IPv4-mapped', 'http://[::ffff:127.0.0.1]/', 'off-link-address'],
    ['loopback, IPv4-compatible', 'http://[::127.0.0.1]/', 'off-link-address'],
    ['loopback behind NAT64', 'http://[64:ff9b::7f00:1]/', 'off-link-address'],
    ['the unspecified address', 'http://0.0.0.0/', 'off-link-address'],
    ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data/', 'off-link-address'],
    ['a multicast group', 'http://239.255.255.250:1900/', 'off-link-address'],
    ['the broadcast address', 'http://255.255.255.255/', 'off-link-address'],
    ['a carrier’s address', 'http://100.64.0.1/', 'off-link-address'],
    ['a link-local address of somebody else', 'http://[fe80::2]/', 'off-link-address'],
    ['a public address', 'http://8.8.8.8/', 'public-address'],
    ['a public IPv6 address', 'http://[2001:4860:4860::8888]/', 'public-address'],
    ['a public address next to our subnet', 'http://81.2.3.17/', 'public-address'],
    ['another host of our subnet', 'http://192.168.1.2/', 'foreign-host'],
    ['a private host elsewhere', 'http://10.0.0.1/', 'off-link-address'],
    ['a port below 1024', 'http://192.168.1.1:22/', 'low-port'],
    ['port 81', 'http://192.168.1.1:81/', 'low-port'],
    ['port 1023', 'http://192.168.1.1:1023/', 'low-port'],
    ['a public host of our subnet', 'http://81.2.3.1/', 'foreign-host'],
  ])('%s', (_name, location, code) => {
    expect(checkLocation(location, router)._unsafeUnwrapErr()).toMatchObject({ kind: 'policy', code });
  });

  it.each([
    ['8.8.8.8', 'http://8.8.8.8/', 'public-address'],
    ['10.9.8.7', 'http://10.9.8.7/', 'off-link-address'],
    ['172.31.9.9', 'http://172.31.9.9:22/', 'off-link-address'],
    ['192.168.2.1', 'http://192.168.2.1/', 'off-link-address'],
    ['fd00::1', 'http://[fd00::1]/', 'off-link-address'],
    ['169.254.1.1', 'http://169.254.1.1/', 'off-link-address'],
    ['100.64.0.1', 'http://100.64.0.1/', 'off-link-address'],
    ['fe80::1', 'http://[fe80::1]/', 'off-link-address'],
    ['fe80::1%eth0', 'http://192.168.1.1/', 'foreign-host'],
    ['fe80::1%eth0', 'http://[fe80::2%25eth0]/', 'foreign-host'],
  ])('what the responder %s says of itself: %s', (responder, location, code) => {
    expect(checkLocation(location, { responder, interfaces })._unsafeUnwrapErr().code).toBe(code);
  });

  it('shows no control characters in its message', () => {
    const error = checkLocation('http://\u001b[31m\r\n/', router)._unsafeUnwrapErr();
    const { message, url } = error as PolicyError;
    expect(url).toContain('[31m');
    expect(message + url).not.toMatch(/\p{Cc}/u);
  });

  it('whatever is neither the responder nor well-formed', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https', 'ftp'] }), (location) => {
        expect(checkLocation(location, router).isErr()).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(checkLocation(text, router).isErr()).toBe(true);
        expect(checkLocation(`http://${text}`, router).isErr()).toBe(true);
      }),
    );
  });
});

describe('checkLocation, by option,', () => {
  it.each([
    ['accepts a public address', 'http://8.8.8.8/', { responder: '8.8.8.8', allowOffLink: true }, 'http://8.8.8.8/'],
    [
      'accepts a carrier’s address',
      'http://100.64.0.1/',
      { responder: '100.64.0.1', allowOffLink: true },
      'http://100.64.0.1/',
    ],
    [
      'accepts a private address elsewhere',
      'http://10.9.8.7/',
      { responder: '10.9.8.7', allowOffLink: true },
      'http://10.9.8.7/',
    ],
    ['accepts any port', 'http://192.168.1.1:81/', { allowAnyPort: true }, 'http://192.168.1.1:81/'],
    [
      'rewrites another host (Tailscale does)',
      'http://192.168.1.2:80/a?b',
      { rewriteToResponder: true },
      'http://192.168.1.1/a?b',
    ],
    ['rewrites [::1]', 'http://[::1]:5000/a', { rewriteToResponder: true }, 'http://192.168.1.1:5000/a'],
    [
      'rewrites a public CARP address',
      'http://8.8.8.8:5000/a',
      { rewriteToResponder: true },
      'http://192.168.1.1:5000/a',
    ],
    ['rewrites a host name', 'http://router.lan/a', { rewriteToResponder: true }, 'http://192.168.1.1/a'],
    ['rewrites 0.0.0.0', 'http://0.0.0.0:5000/a', { rewriteToResponder: true }, 'http://192.168.1.1:5000/a'],
    [
      'rewrites a link-local address',
      'http://169.254.100.156:5000/a',
      { rewriteToResponder: true },
      'http://192.168.1.1:5000/a',
    ],
    [
      'rewrites to a default router outside of our subnets',
      'http://[::1]:5000/a',
      { responder: '10.9.8.7', defaultRouter: '10.9.8.7', rewriteToResponder: true },
      'http://10.9.8.7:5000/a',
    ],
  ])('%s', (_name, location, options, expected) => {
    expect(checkLocation(location, { ...router, ...options })._unsafeUnwrap()).toBe(expected);
  });

  it.each([
    ['public, but foreign', 'http://8.8.8.8/', { allowOffLink: true }, 'foreign-host'],
    ['loopback', 'http://127.0.0.1/', { allowOffLink: true }, 'off-link-address'],
    [
      'the metadata of a cloud',
      'http://169.254.169.254/',
      { responder: '169.254.169.254', allowOffLink: true },
      'off-link-address',
    ],
    [
      'at a low port, though off-link',
      'http://10.9.8.7:22/',
      { responder: '10.9.8.7', allowOffLink: true },
      'low-port',
    ],
    ['rewritten, at a low port', 'http://[::1]:22/', { rewriteToResponder: true }, 'low-port'],
    [
      'rewritten, but to another network',
      'http://192.168.1.1/',
      { responder: '10.9.8.7', rewriteToResponder: true },
      'off-link-address',
    ],
    [
      'a public default router',
      'http://8.8.8.8/',
      { responder: '8.8.8.8', defaultRouter: '8.8.8.8' },
      'public-address',
    ],
    ['rewritten, but https', 'https://192.168.1.2/', { rewriteToResponder: true }, 'not-http'],
    [
      'rewritten, but to a public responder',
      'http://192.168.1.1/',
      { responder: '8.8.8.8', rewriteToResponder: true },
      'public-address',
    ],
  ])('still refuses what is %s', (_name, location, options, code) => {
    expect(checkLocation(location, { ...router, ...options })._unsafeUnwrapErr().code).toBe(code);
  });
});

describe('checkLocation, where no subnet is known,', () => {
  const alone = { name: 'tun0', family: 'ipv4', address: '10.8.0.2', prefixLength: 32, internal: false } as const;
  const bare = { ...alone, prefixLength: undefined } as unknown as typeof alone;

  it.each([
    ['none at all', []],
    ['loopback', interfaces.slice(0, 1)],
    ['a tunnel', [alone]],
    ['one without a prefix', [bare]],
    ['one of every address', [{ ...alone, prefixLength: 0 }]],
    ['one of the other family', [ula]],
  ])('takes private addresses for near: %s', (_what, listed) => {
    const check = (host: string): string | undefined =>
      checkLocation(`http://${host}/`, { responder: host, interfaces: listed }).match(
        () => 'accepted',
        ({ code }) => code,
      );
    expect([check('192.168.1.1'), check('8.8.8.8'), check('100.64.0.1')]).toEqual([
      'accepted',
      'public-address',
      'off-link-address',
    ]);
  });

  it('but not if another interface has one', () => {
    const policy = { responder: '10.9.8.7', interfaces: [alone, ...interfaces] };
    expect(checkLocation('http://10.9.8.7/', policy)._unsafeUnwrapErr().code).toBe('off-link-address');
  });
});

describe('checkServiceUrl', () => {
  it.each([
    [
      'the same host',
      'http://192.168.1.1:5000/ctl/IPConn',
      'http://192.168.1.1:5000/rootDesc.xml',
      'http://192.168.1.1:5000/ctl/IPConn',
    ],
    [
      'another port (MikroTik)',
      'http://192.168.1.1:2828/ctl',
      'http://192.168.1.1/rootDesc.xml',
      'http://192.168.1.1:2828/ctl',
    ],
    [
      'the host without its zone',
      'http://[fe80::1]/ctl',
      'http://[fe80::1%25eth0]:5000/',
      'http://[fe80::1%25eth0]/ctl',
    ],
    ['the same name, where names were allowed', 'http://Router.lan/ctl', 'http://router.lan/', 'http://router.lan/ctl'],
  ])('accepts %s', (_name, url, location, expected) => {
    expect(checkServiceUrl(url, location)._unsafeUnwrap()).toBe(expected);
  });

  it.each([
    ['another host', 'http://192.168.1.2/ctl', 'foreign-host'],
    ['loopback', 'http://127.0.0.1/ctl', 'foreign-host'],
    ['a name', 'http://localhost/ctl', 'foreign-host'],
    ['another scheme', 'https://192.168.1.1/ctl', 'not-http'],
    ['user information', 'http://u@192.168.1.1/ctl', 'user-information'],
    ['CR LF', 'http://192.168.1.1/ctl\r\n', 'bad-url'],
    ['CR LF in the host', 'http://192.168.1.1\r\n.evil/ctl', 'bad-url'],
    ['NUL', 'http://192.168.1.1/ctl\0', 'bad-url'],
  ])('refuses %s', (_name, url, code) => {
    expect(checkServiceUrl(url, 'http://192.168.1.1/')._unsafeUnwrapErr()).toMatchObject({ kind: 'policy', code });
  });
});

describe('checkRedirect', () => {
  const from = 'http://192.168.1.1:5000/a/desc.xml';

  it.each([
    ['/b.xml', 'http://192.168.1.1:5000/b.xml'],
    ['b.xml', 'http://192.168.1.1:5000/a/b.xml'],
    ['http://192.168.1.1:49152/b.xml', 'http://192.168.1.1:49152/b.xml'],
  ])('follows %s', (target, expected) => {
    expect(checkRedirect(target, from, 0)._unsafeUnwrap()).toBe(expected);
  });

  it.each([
    ['to another host', 'http://192.168.1.2/', 0, 'redirect-refused'],
    ['to another host, without a scheme', '//192.168.1.2/', 0, 'redirect-refused'],
    ['to https', 'https://192.168.1.1/', 0, 'not-http'],
    ['to nowhere', 'http://', 0, 'bad-url'],
    ['to another port below 1024', 'http://192.168.1.1:22/', 0, 'redirect-refused'],
    ['a second time', '/b.xml', 1, 'redirect-refused'],
  ])('refuses one %s', (_name, target, followed, code) => {
    expect(checkRedirect(target, from, followed)._unsafeUnwrapErr().code).toBe(code);
  });
});

describe('checkGatewayUrl', () => {
  it.each([
    ['http://192.168.1.1:5000/rootDesc.xml', {}, 'http://192.168.1.1:5000/rootDesc.xml'],
    ['http://127.0.0.1:5000', {}, 'http://127.0.0.1:5000/'],
    ['http://8.8.8.8/', {}, 'http://8.8.8.8/'],
    ['http://[fe80::1%eth0]/', {}, 'http://[fe80::1%25eth0]/'],
    ['http://fritz.box:49000/igddesc.xml', { allowHostName: true }, 'http://fritz.box:49000/igddesc.xml'],
  ])('accepts %s', (url, options, expected) => {
    expect(checkGatewayUrl(url, options)._unsafeUnwrap()).toBe(expected);
  });

  it.each([
    ['http://fritz.box:49000/igddesc.xml', 'host-name'],
    ['http://192.168.1/', 'host-name'],
    ['https://192.168.1.1/', 'not-http'],
    ['http://admin:secret@192.168.1.1/', 'user-information'],
    ['192.168.1.1', 'bad-url'],
  ])('refuses %s', (url, code) => {
    expect(checkGatewayUrl(url)._unsafeUnwrapErr()).toMatchObject({ kind: 'policy', code });
  });
});
