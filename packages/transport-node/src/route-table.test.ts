import { describe, expect, it } from 'vitest';
import { ipv4DefaultRouters, ipv6DefaultRouters } from './route-table.ts';

const COLUMNS =
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                    \n';
const LAN = 'eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0                                           \n';
const VIA_1 = 'eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0                                         \n';
const VIA_254 = 'wlan0\t00000000\tFE01A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0                                      \n';
const TUNNEL = 'tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0                                         \n';

const R1 = { name: 'eth0', family: 'ipv4', address: '192.168.1.1' };
const R254 = { name: 'wlan0', family: 'ipv4', address: '192.168.1.254' };

describe('the IPv4 default routers', () => {
  it.each([
    ['of the usual table', COLUMNS + VIA_1 + LAN, [R1]],
    ['of two interfaces', COLUMNS + VIA_1 + VIA_254 + LAN, [R1, R254]],
    ['of two interfaces, the lowest metric first', COLUMNS + LAN + VIA_254 + VIA_1, [R1, R254]],
    ['a metric is a number', COLUMNS + VIA_254.replace('600', '1000') + VIA_1.replace('100', '99'), [R1, R254]],
    ['of two with one metric, the first first', COLUMNS + VIA_254 + VIA_1.replace('100', '600'), [R254, R1]],
    ['one router of two routes, once', COLUMNS + VIA_1 + VIA_1.replace('100', '200'), [R1]],
    ['with more flags', COLUMNS + VIA_1.replace('0003', '0013'), [R1]],
    ['beside a tunnel, which has none', COLUMNS + TUNNEL + VIA_1, [R1]],
    ['none: no routes', COLUMNS, []],
    ['none: no text', '', []],
    ['none: the local network only', COLUMNS + LAN, []],
    ['none: a tunnel', COLUMNS + TUNNEL, []],
    ['none: the next hop is an IPv6 address', COLUMNS + VIA_1.replace('0101A8C0', '00000000'), []],
    ['none: the route is down', COLUMNS + VIA_1.replace('0003', '0002'), []],
    [
      'none: half of all addresses, as a VPN has it',
      COLUMNS + VIA_1.replace('00000000\t0\t0\t0', '00000080\t0\t0\t0'),
      [],
    ],
    ['none: no address', COLUMNS + VIA_1.replace('0101A8C0', '0101A8'), []],
    ['none: no hexadecimal', COLUMNS + VIA_1.replace('0101A8C0', '0101A8G0'), []],
    ['none: a line cut short', COLUMNS + 'eth0\t00000000\t0101A8C0\t0003', []],
  ])('%s', (_name, table, routers) => {
    expect(ipv4DefaultRouters(table, 'LE')).toEqual(routers);
  });

  it('on a big-endian machine', () => {
    expect(ipv4DefaultRouters(COLUMNS + VIA_1.replace('0101A8C0', 'C0A80101'), 'BE')).toEqual([R1]);
  });
});

const NONE = '0'.repeat(32);
const LINK_LOCAL = `fe80${'0'.repeat(27)}1`;

interface Columns {
  readonly to?: string;
  readonly from?: string;
  readonly via?: string;
  readonly metric?: string;
  readonly flags?: string;
  readonly name?: string;
}

/** A line of the kernel's table: by default a route that a router has advertised. */
function route({
  to,
  from,
  via = LINK_LOCAL,
  metric = '00000400',
  flags = '00450003',
  name = 'eth0',
}: Columns): string {
  return `${to ?? `${NONE} 00`} ${from ?? `${NONE} 00`} ${via} ${metric} 00000001 00000000 ${flags}     ${name}\n`;
}

const NETWORK = route({ to: `20010db8${'0'.repeat(24)} 40`, via: NONE, metric: '00000100', flags: '00400001' });
const REJECT = route({ via: NONE, metric: 'ffffffff', flags: '00200200', name: 'lo' });

const on = (name: string, address: string) => ({ name, family: 'ipv6', address });

describe('the IPv6 default routers', () => {
  it.each([
    ['of the usual table', NETWORK + route({}) + REJECT, [on('eth0', 'fe80::1%eth0')]],
    ['a global one has no zone', route({ via: `20010db8${'0'.repeat(23)}1` }), [on('eth0', '2001:db8::1')]],
    [
      'of two interfaces, the lowest metric first',
      route({ name: 'wlan0', metric: '00000258' }) + route({ metric: '00000064' }),
      [on('eth0', 'fe80::1%eth0'), on('wlan0', 'fe80::1%wlan0')],
    ],
    [
      'of one metric, by the preference of the router (RFC 4191)',
      route({ name: 'low', flags: '18450003' }) +
        route({ name: 'medium', flags: '00450003' }) +
        route({ name: 'high', flags: '08450003' }),
      [on('high', 'fe80::1%high'), on('medium', 'fe80::1%medium'), on('low', 'fe80::1%low')],
    ],
    [
      'a lower metric counts more than the preference',
      route({ name: 'high', flags: '08450003' }) + route({ name: 'low', flags: '18450003', metric: '00000001' }),
      [on('low', 'fe80::1%low'), on('high', 'fe80::1%high')],
    ],
    ['one router of two tables, once', route({}) + route({}), [on('eth0', 'fe80::1%eth0')]],
    ['none: no text', '', []],
    ['none: a tunnel', route({ via: NONE, flags: '00000001' }), []],
    ['none: unreachable', REJECT, []],
    ['none: the route is down', route({ flags: '00450002' }), []],
    ['none: half of all addresses', route({ to: `${NONE} 01` }), []],
    ['none: another network', route({ to: `2001${'0'.repeat(28)} 00` }), []],
    ['none: for some of our addresses only', route({ from: `2001${'0'.repeat(28)} 40` }), []],
    ['none: no address', route({ via: 'fe80' }), []],
    ['none: no hexadecimal', route({ via: `g${LINK_LOCAL.slice(1)}` }), []],
    ['none: a line cut short', route({}).slice(0, 100), []],
  ])('%s', (_name, table, routers) => {
    expect(ipv6DefaultRouters(table)).toEqual(routers);
  });

  it.each([
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['20010000000000010001000000000001', '2001::1:1:0:0:1'],
    ['20010db8000100020003000400050000', '2001:db8:1:2:3:4:5:0'],
    ['20010db8000100000003000400050006', '2001:db8:1:0:3:4:5:6'],
    ['20010db8001000000000000000000000', '2001:db8:10::'],
    ['00000000000000000000000000000001', '::1'],
    ['20010DB8000000000000000000000ABC', '2001:db8::abc'],
  ])('%s is written as RFC 5952 says', (via, address) => {
    expect(ipv6DefaultRouters(route({ via }))).toEqual([on('eth0', address)]);
  });
});
