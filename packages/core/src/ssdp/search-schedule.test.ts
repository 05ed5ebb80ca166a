import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GATEWAY_SEARCH_TARGETS } from './search-targets.ts';
import { searchSchedule } from './search-schedule.ts';

describe('searchSchedule', () => {
  it('sends one datagram ahead, then three rounds, to the group and to the default gateway', () => {
    const multicast = { target: 'a', to: { address: '239.255.255.250', port: 1900 } };
    const unicast = { target: 'a', to: { address: '192.168.1.1', port: 1900 } };
    expect(searchSchedule({ timeoutMs: 4000, family: 'ipv4', targets: ['a'], unicast: ['192.168.1.1'] })).toEqual([
      { atMs: 0, ...multicast, mx: 1 },
      { atMs: 500, ...multicast, mx: 1 },
      { atMs: 520, ...unicast, mx: 1 },
      { atMs: 1000, ...multicast, mx: 2 },
      { atMs: 1020, ...unicast, mx: 1 },
      { atMs: 1500, ...multicast, mx: 2 },
      { atMs: 1520, ...unicast, mx: 1 },
    ]);
  });

  it('asks for what concerns a gateway, IGD:1 at once', () => {
    const schedule = searchSchedule({ timeoutMs: 2000, family: 'ipv4' });
    expect(schedule[0]).toEqual({
      atMs: 0,
      target: 'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
      to: { address: '239.255.255.250', port: 1900 },
      mx: 1,
    });
    expect(schedule[1]?.atMs).toBe(250);
    expect(schedule.slice(1, 7).map(({ target }) => target)).toEqual([
      'urn:schemas-upnp-org:device:InternetGatewayDevice:1',
      'urn:schemas-upnp-org:device:InternetGatewayDevice:2',
      'urn:schemas-upnp-org:service:WANIPConnection:1',
      'urn:schemas-upnp-org:service:WANIPConnection:2',
      'urn:schemas-upnp-org:service:WANPPPConnection:1',
      'upnp:rootdevice',
    ]);
  });

  it('sends to both IPv6 groups, the link first', () => {
    const schedule = searchSchedule({ timeoutMs: 2000, family: 'ipv6', targets: ['a'] });
    expect(schedule.slice(0, 3).map(({ to }) => to)).toEqual([
      { address: 'FF02::C', port: 1900 },
      { address: 'FF02::C', port: 1900 },
      { address: 'FF05::C', port: 1900 },
    ]);
  });

  it('takes the whole of a long timeout for answers, and little of it for pauses', () => {
    const schedule = searchSchedule({ timeoutMs: 10_000, family: 'ipv4', targets: ['a'] });
    expect(schedule.map(({ atMs, mx }) => [atMs, mx])).toEqual([
      [0, 1],
      [1000, 1],
      [2000, 2],
      [3000, 5],
    ]);
  });

  const options = fc.record({
    timeoutMs: fc.integer({ min: 2000, max: 60_000 }),
    targets: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 10 }),
    unicast: fc.array(fc.constantFrom('192.168.1.1', '10.0.0.1'), { maxLength: 3 }),
  });

  it('leaves every answer its MX before the timeout, in the order of time', () => {
    fc.assert(
      fc.property(
        options,
        fc.constantFrom('ipv4' as const, 'ipv6' as const),
        fc.boolean(),
        (given, family, besideIpv4) => {
          const schedule = searchSchedule({ ...given, family, besideIpv4 });
          for (const { atMs, mx } of schedule) {
            expect(Number.isInteger(mx) && mx >= 1 && mx <= 5).toBe(true);
            expect(atMs + 1000 * mx).toBeLessThanOrEqual(given.timeoutMs);
          }
          const times = schedule.map(({ atMs }) => atMs);
          expect(times).toEqual(times.toSorted((one, other) => one - other));
        },
      ),
    );
  });

  it('keeps the families apart: no round of one begins while the other speaks', () => {
    fc.assert(
      fc.property(options, (given) => {
        const ipv4 = searchSchedule({ ...given, family: 'ipv4' }).map(({ atMs }) => ({ atMs, family: 4 }));
        const ipv6 = searchSchedule({ ...given, family: 'ipv6', besideIpv4: true }).map(({ atMs }) => ({
          atMs,
          family: 6,
        }));
        const both = [...ipv4, ...ipv6].toSorted((one, other) => one.atMs - other.atMs);
        const turns = both.filter(({ family }, index) => family !== both[index - 1]?.family);
        expect(turns.map(({ family }) => family)).toEqual([4, 6, 4, 6, 4, 6, 4, 6]);
      }),
    );
  });

  it.each([1, 500, 1000, 1999])('below 2 s, %i ms, still sends everything within the timeout', (timeoutMs) => {
    const schedule = searchSchedule({ timeoutMs, family: 'ipv6', besideIpv4: true });
    expect(schedule).toHaveLength(1 + 3 * 2 * GATEWAY_SEARCH_TARGETS.length);
    expect(Math.max(...schedule.map(({ atMs }) => atMs))).toBeLessThanOrEqual(timeoutMs / 2);
  });

  it('is empty without targets', () => {
    expect(searchSchedule({ timeoutMs: 2000, family: 'ipv4', targets: [] })).toEqual([]);
  });
});
