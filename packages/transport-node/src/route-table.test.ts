import { describe, expect, it } from 'vitest';
import { defaultGatewayIn } from './route-table.ts';

const COLUMNS =
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                    \n';
const LAN = 'eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0                                           \n';
const VIA_1 = 'eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0                                         \n';
const VIA_254 = 'wlan0\t00000000\tFE01A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0                                      \n';

describe('the default gateway', () => {
  it.each([
    ['of the usual table', COLUMNS + VIA_1 + LAN, '192.168.1.1'],
    ['with the lowest metric, first', COLUMNS + VIA_1 + VIA_254 + LAN, '192.168.1.1'],
    ['with the lowest metric, last', COLUMNS + LAN + VIA_254 + VIA_1, '192.168.1.1'],
    ['of two with one metric, the first', COLUMNS + VIA_254 + VIA_254.replace('FE', 'FD'), '192.168.1.254'],
    ['with more flags', COLUMNS + VIA_1.replace('0003', '0013'), '192.168.1.1'],
    ['none: no routes', COLUMNS, null],
    ['none: no text', '', null],
    ['none: the local network only', COLUMNS + LAN, null],
    [
      'none: a tunnel, without a gateway',
      COLUMNS + VIA_1.replace('0101A8C0', '00000000').replace('0003', '0001'),
      null,
    ],
    ['none: the route is down', COLUMNS + VIA_1.replace('0003', '0002'), null],
    [
      'none: half of all addresses, as a VPN has it',
      COLUMNS + VIA_1.replace('00000000\t0\t0\t0', '00000080\t0\t0\t0'),
      null,
    ],
    ['none: no address', COLUMNS + VIA_1.replace('0101A8C0', '0101A8'), null],
    ['none: no hexadecimal', COLUMNS + VIA_1.replace('0101A8C0', '0101A8G0'), null],
    ['none: a line cut short', COLUMNS + 'eth0\t00000000\t0101A8C0\t0003', null],
  ])('%s', (_name, table, gateway) => {
    expect(defaultGatewayIn(table, 'LE')).toBe(gateway);
  });

  it('on a big-endian machine', () => {
    expect(defaultGatewayIn(COLUMNS + VIA_1.replace('0101A8C0', 'C0A80101'), 'BE')).toBe('192.168.1.1');
  });
});
