import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../bytes.ts';
import { encodeMSearch } from './encode-m-search.ts';
import { encodeSsdpMessage } from './encode.ts';

const search = { host: { address: '239.255.255.250', port: 1900 }, target: 'ssdp:all', mx: 1, userAgent: null };

describe('encodeMSearch', () => {
  it('leaves the zone of an address out of HOST', () => {
    const datagram = encodeMSearch({ ...search, host: { address: 'fe80::1%eth0', port: 1900 } })._unsafeUnwrap();
    expect(decodeUtf8(datagram)).toContain('\r\nHOST: [fe80::1]:1900\r\n');
  });

  it.each([
    ['CR LF in the target', { target: 'ssdp:all\r\nMX: 120' }, 'forbidden-characters', 'ST'],
    ['LF in the target', { target: 'ssdp:all\n' }, 'forbidden-characters', 'ST'],
    ['NUL in the target', { target: 'ssdp:all\u0000' }, 'forbidden-characters', 'ST'],
    ['DEL in the target', { target: 'ssdp:all\u007f' }, 'forbidden-characters', 'ST'],
    ['CR in the user agent', { userAgent: 'a\rb' }, 'forbidden-characters', 'USER-AGENT'],
    ['CR LF in the host', { host: { address: 'a\r\nb', port: 1900 } }, 'forbidden-characters', 'HOST'],
    ['no target', { target: '' }, 'missing', 'target'],
    ['MX 0', { mx: 0 }, 'out-of-range', 'mx'],
    ['MX 6', { mx: 6 }, 'out-of-range', 'mx'],
    ['MX 1.5', { mx: 1.5 }, 'out-of-range', 'mx'],
    ['MX that is no number', { mx: NaN }, 'out-of-range', 'mx'],
  ])('refuses %s', (_name, change, code, argument) => {
    expect(encodeMSearch({ ...search, ...change })._unsafeUnwrapErr()).toMatchObject({
      kind: 'invalid-argument',
      code,
      argument,
    });
  });
});

describe('encodeSsdpMessage', () => {
  const byebye = { kind: 'byebye', host: null, target: 'a', usn: 'b', bootId: null, configId: null } as const;

  it('leaves out what is null', () => {
    expect(decodeUtf8(encodeSsdpMessage(byebye)._unsafeUnwrap())).toBe(
      'NOTIFY * HTTP/1.1\r\nNT: a\r\nNTS: ssdp:byebye\r\nUSN: b\r\n\r\n',
    );
  });

  it.each([
    ['a control character', { usn: 'b\r\nLOCATION: c' }, 'forbidden-characters', 'USN'],
    ['a negative number', { bootId: -1 }, 'out-of-range', 'BOOTID.UPNP.ORG'],
    ['a number that is not whole', { configId: 0.5 }, 'out-of-range', 'CONFIGID.UPNP.ORG'],
  ])('refuses %s', (_name, change, code, argument) => {
    expect(encodeSsdpMessage({ ...byebye, ...change })._unsafeUnwrapErr()).toMatchObject({ code, argument });
  });

  it('refuses a bad search as encodeMSearch does', () => {
    expect(encodeSsdpMessage({ kind: 'm-search', ...search, mx: 9 })._unsafeUnwrapErr().code).toBe('out-of-range');
  });
});
