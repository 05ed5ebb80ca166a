import dgram from 'node:dgram';
import type * as os from 'node:os';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fs } from './fs.ts';
import { nodeInterfaces } from './interfaces.ts';

vi.mock('node:os', async (original) => {
  const actual = await original<typeof os>();
  return { ...actual, networkInterfaces: vi.fn(actual.networkInterfaces) };
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function owns(address: string): Promise<boolean | string> {
  return (
    (await nodeInterfaces().owns?.(address))?.match<boolean | string>(
      (is) => is,
      ({ code, cause = '' }) => `${code} ${cause}`,
    ) ?? 'absent'
  );
}

/** What the system answers to a bind, and after that to a connect; null: yes. */
function answering(bind: string | null, connect: string | null = null): string[] {
  const asked: string[] = [];
  vi.spyOn(dgram, 'createSocket').mockImplementation(() => {
    const listeners = new Map<string, (error?: unknown) => void>();
    const failure = (code: string | null): unknown =>
      code === null ? undefined : Object.assign(new Error(code), { code });
    const socket = {
      once: (event: string, listener: (error?: unknown) => void) => listeners.set(event, listener),
      bind: ({ address }: { readonly address: string }) => {
        asked.push(address);
        listeners.get(bind === null ? 'listening' : 'error')?.(failure(bind));
      },
      connect: (_port: number, _address: string, done: (error?: unknown) => void) => {
        done(failure(connect));
      },
      close: () => asked.push('closed'),
    };
    return socket as unknown as dgram.Socket;
  });
  return asked;
}

/** Linux's table of IPv6 addresses. */
function inTable(text: string | null): void {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('linux');
  vi.spyOn(fs, 'readFileSync').mockImplementation(() => {
    if (text === null) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  });
}

const TABLE =
  '00000000000000000000000000000001 01 80 10 80       lo\nfe80000000000000004200fffe000002 02 40 20 c0     eth0\n';

describe('an address is this host’s', () => {
  it('although its interface is not listed (yet), on a real system', async () => {
    vi.mocked(networkInterfaces).mockReturnValue({});
    expect([await owns('127.0.0.1'), await owns('::ffff:127.0.0.1'), await owns('203.0.113.77')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('when a socket can be bound and connected to it, which sends nothing', async () => {
    const asked = answering(null);
    expect(await owns('192.168.1.2')).toBe(true);
    expect(asked).toEqual(['192.168.1.2', 'closed']);
  });

  it.each([
    ['no interface has it', 'EADDRNOTAVAIL', null],
    ['it is a broadcast address', null, 'EACCES'],
    ['the system binds to any address', null, 'ENETUNREACH'],
  ])('not, when %s', async (_why, bind, connect) => {
    const asked = answering(bind, connect);
    expect(await owns('192.168.1.255')).toBe(false);
    expect(asked).toEqual(['192.168.1.255', 'closed']);
  });

  it.each([
    ['EMFILE', null, 'failed EMFILE'],
    ['EACCES', null, 'not-permitted EACCES'],
    [null, 'EPERM', 'not-permitted EPERM'],
  ])('or nobody knows, when the system says %s, then %s', async (bind, connect, error) => {
    answering(bind, connect);
    expect(await owns('192.168.1.2')).toBe(error);
  });

  it('or nobody knows, when there can be no socket', async () => {
    vi.spyOn(dgram, 'createSocket').mockImplementation(() => {
      throw Object.assign(new Error('too many'), { code: 'EMFILE' });
    });
    expect(await owns('192.168.1.2')).toBe('failed EMFILE');
  });

  it.each([
    '',
    'localhost',
    '127.1',
    '192.168.1.2%eth0',
    '0.0.0.0',
    '224.0.0.1',
    '239.255.255.250',
    '::',
    'ff02::c%eth0',
  ])('never, without asking: %o', async (address) => {
    const asked = answering(null);
    expect(await owns(address)).toBe(false);
    expect(asked).toEqual([]);
  });
});

describe('an IPv6 address', () => {
  it.each([
    ['::1', true],
    ['0:0::1', true],
    ['fe80::42:ff:fe00:2', true],
    ['FE80::42:FF:FE00:2%eth0', true],
    ['fe80::42:ff:fe00:2%lo', false],
    ['2001:db8::2', false],
  ])('is looked up in Linux’s table, since a new one can’t be bound to yet: %s', async (address, expected) => {
    inTable(TABLE);
    const asked = answering('EADDRNOTAVAIL');
    expect(await owns(address)).toBe(expected);
    expect(asked).toEqual([]);
  });

  it('is bound to where there is no such table', async () => {
    inTable(null);
    const asked = answering(null);
    expect(await owns('2001:db8::2')).toBe(true);
    expect(asked).toEqual(['2001:db8::2', 'closed']);
  });

  it.each(['EAFNOSUPPORT', 'EINVAL', 'EADDRNOTAVAIL'])('is none of a host’s that says %s', async (code) => {
    inTable(null);
    answering(code);
    expect(await owns('fe80::2%eth9')).toBe(false);
  });

  it('without its zone is tried in each', async () => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin');
    const one = {
      netmask: '',
      mac: '',
      internal: false,
      cidr: null,
      scopeid: 0,
      family: 'IPv6',
      address: '::2',
    } as const;
    vi.mocked(networkInterfaces).mockReturnValue({ en0: [one, one], en1: [one] });
    const asked = answering('EADDRNOTAVAIL');
    expect(await owns('fe80::9')).toBe(false);
    expect(asked).toEqual(['fe80::9%en0', 'closed', 'fe80::9%en1', 'closed']);
    answering(null);
    expect(await owns('fe80::9')).toBe(true);
  });
});
