import type * as os from 'node:os';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fs } from './fs.ts';
import { nodeInterfaces } from './interfaces.ts';

vi.mock('node:os', async (original) => {
  const actual = await original<typeof os>();
  return { ...actual, networkInterfaces: vi.fn(actual.networkInterfaces), endianness: () => 'LE' };
});

const readFileSync = vi.spyOn(fs, 'readFileSync');

function onPlatform(platform: NodeJS.Platform): void {
  const original = process.platform;
  Object.defineProperty(process, 'platform', { value: platform });
  onTestFinished(() => void Object.defineProperty(process, 'platform', { value: original }));
}

const MAC = '00:00:5e:00:53:01';
const IPV4: NetworkInterfaceInfo = {
  family: 'IPv4',
  address: '192.168.1.2',
  netmask: '255.255.255.0',
  cidr: '192.168.1.2/24',
  mac: MAC,
  internal: false,
};
const GLOBAL: NetworkInterfaceInfo = {
  family: 'IPv6',
  address: '2001:db8::2',
  netmask: 'ffff:ffff:ffff:ffff::',
  cidr: '2001:db8::2/64',
  mac: MAC,
  internal: false,
  scopeid: 0,
};
const LINK_LOCAL: NetworkInterfaceInfo = { ...GLOBAL, address: 'fe80::2', cidr: 'fe80::2/64', scopeid: 11 };

describe('the list of interfaces', () => {
  it('has loopback, on a real system', async () => {
    const list = (await nodeInterfaces().list())._unsafeUnwrap();
    expect(list).toContainEqual(
      expect.objectContaining({ family: 'ipv4', address: '127.0.0.1', prefixLength: 8, internal: true }),
    );
    for (const { address } of list) expect(address).not.toContain('%');
  });

  it.each([
    ['linux', 'Wi-Fi'],
    ['darwin', 'Wi-Fi'],
    ['win32', '11'],
  ] as const)('has the zone of IPv6 as %s spells it', async (platform, zone) => {
    onPlatform(platform);
    vi.mocked(networkInterfaces).mockReturnValueOnce({ 'Wi-Fi': [IPV4, GLOBAL, LINK_LOCAL], none: undefined });
    expect((await nodeInterfaces().list())._unsafeUnwrap()).toEqual([
      { name: 'Wi-Fi', family: 'ipv4', address: '192.168.1.2', prefixLength: 24, internal: false },
      { name: 'Wi-Fi', family: 'ipv6', address: '2001:db8::2', prefixLength: 64, internal: false, zone },
      { name: 'Wi-Fi', family: 'ipv6', address: 'fe80::2', prefixLength: 64, internal: false, zone },
    ]);
  });

  it('has no zone where Windows numbers none', async () => {
    onPlatform('win32');
    vi.mocked(networkInterfaces).mockReturnValueOnce({ tunnel: [GLOBAL] });
    expect((await nodeInterfaces().list())._unsafeUnwrap()[0]).not.toHaveProperty('zone');
  });

  it('has an address with an odd mask to itself', async () => {
    vi.mocked(networkInterfaces).mockReturnValueOnce({ a: [{ ...IPV4, cidr: null }], b: [{ ...GLOBAL, cidr: null }] });
    const list = (await nodeInterfaces().list())._unsafeUnwrap();
    expect(list.map(({ prefixLength }) => prefixLength)).toEqual([32, 128]);
  });

  describe('has the flags of IPv6 addresses', () => {
    const TEMPORARY = { ...GLOBAL, address: '2001:db8::a1b2:0:3', cidr: '2001:db8::a1b2:0:3/64' };
    const TABLE = [
      '20010db800000000000000000000000200000002 02 40 00 20     eth0',
      '20010db8000000000000000000000002 02 40 00 a0     eth0',
      '20010db8000000000000a1b200000003 02 40 00 01     eth0',
      '20010db8000000000000a1b200000003 03 40 00 00     eth1',
      'fe800000000000000000000000000002 02 40 20 80     eth0',
      '',
    ].join('\n');

    async function listed(name: string) {
      vi.mocked(networkInterfaces).mockReturnValueOnce({ [name]: [IPV4, GLOBAL, TEMPORARY, LINK_LOCAL] });
      return (await nodeInterfaces().list())
        ._unsafeUnwrap()
        .map(({ address, deprecated, temporary }) => [address, deprecated, temporary]);
    }

    it("of Linux's table, by interface", async () => {
      onPlatform('linux');
      readFileSync.mockReturnValueOnce(TABLE);
      expect(await listed('eth0')).toEqual([
        ['192.168.1.2', undefined, undefined],
        ['2001:db8::2', true, false],
        ['2001:db8::a1b2:0:3', false, true],
        ['fe80::2', false, false],
      ]);
      expect(readFileSync).toHaveBeenLastCalledWith('/proc/net/if_inet6', 'latin1');
      readFileSync.mockReturnValueOnce(TABLE);
      expect((await listed('eth1'))[2]).toEqual(['2001:db8::a1b2:0:3', false, false]);
    });

    it('and none where there is no table', async () => {
      onPlatform('linux');
      readFileSync.mockImplementationOnce(() => {
        throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      });
      expect((await listed('eth0'))[1]).toEqual(['2001:db8::2', undefined, undefined]);
    });

    it.each(['darwin', 'win32', 'freebsd', 'android'] as const)('and none on %s', async (platform) => {
      onPlatform(platform);
      readFileSync.mockClear();
      expect((await listed('eth0'))[1]).toEqual(['2001:db8::2', undefined, undefined]);
      expect(readFileSync).not.toHaveBeenCalled();
    });
  });

  it('may be kept from us', async () => {
    vi.mocked(networkInterfaces).mockImplementationOnce(() => {
      throw Object.assign(new Error('uv_interface_addresses'), { code: 'EACCES', syscall: 'uv_interface_addresses' });
    });
    const error = (await nodeInterfaces().list())._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'transport', code: 'not-permitted', cause: 'EACCES' });
  });
});

describe('the default routers', () => {
  const routers = async () => (await nodeInterfaces().defaultRouters?.())?._unsafeUnwrap();
  const ROUTE = 'eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n';
  const ZEROS = '0'.repeat(32);
  const ROUTE6 = `${ZEROS} 00 ${ZEROS} 00 fe80${'0'.repeat(27)}1 00000400 00000001 00000000 00450003     eth0\n`;

  /** The kernel's tables; one that is not given can't be read. */
  function tables(texts: Readonly<Record<string, string>>): void {
    const original = readFileSync.getMockImplementation();
    readFileSync.mockImplementation((path) => {
      const text = texts[String(path)];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    });
    onTestFinished(() => {
      if (original === undefined) readFileSync.mockReset();
      else readFileSync.mockImplementation(original);
    });
  }

  it('have addresses of their family, on a real system', async () => {
    for (const { name, family, address } of (await routers()) ?? []) {
      expect(name).not.toBe('');
      expect(isIP(address)).toBe(family === 'ipv4' ? 4 : 6);
    }
  });

  it("are the route tables' on Linux, IPv4 first", async () => {
    onPlatform('linux');
    tables({ '/proc/net/route': ROUTE, '/proc/net/ipv6_route': ROUTE6 });
    expect(await routers()).toEqual([
      { name: 'eth0', family: 'ipv4', address: '192.168.1.1' },
      { name: 'eth0', family: 'ipv6', address: 'fe80::1%eth0' },
    ]);
  });

  it.each([
    ['IPv6', { '/proc/net/route': ROUTE }, ['192.168.1.1']],
    ['IPv4', { '/proc/net/ipv6_route': ROUTE6 }, ['fe80::1%eth0']],
    ['any', {}, []],
  ])('are none without a table of %s', async (_what, texts, expected) => {
    onPlatform('linux');
    tables(texts);
    expect((await routers())?.map(({ address }) => address)).toEqual(expected);
  });

  it.each(['darwin', 'win32', 'freebsd', 'android'] as const)('are not known on %s', (platform) => {
    onPlatform(platform);
    expect(nodeInterfaces().defaultRouters).toBeUndefined();
  });
});
