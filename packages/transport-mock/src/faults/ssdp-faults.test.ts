import { expect } from 'vitest';
import { simulateGateway } from '../simulate-gateway.ts';
import { faulty, field, search, testEvery } from './faults.test-support.ts';
import { SSDP_FAULTS } from './ssdp-faults.ts';

const HERE = 'http://192.168.1.1:5000/description.xml';

testEvery(SSDP_FAULTS, {
  'udp-loss': async () => {
    await using router = faulty('udp-loss', { times: 1 });
    expect(await search(router)).toEqual([]);
    expect(await search(router)).toHaveLength(1);
  },

  'udp-loss-of-half': async () => {
    await using router = faulty('udp-loss-of-half');
    await using whole = simulateGateway();
    const all = (await search(whole, { target: 'ssdp:all' })).map(({ message }) => message);
    const some = (await search(router, { target: 'ssdp:all' })).map(({ message }) => message);
    expect(all).toHaveLength(11);
    expect(all).toEqual(expect.arrayContaining(some));
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(11);
  },

  'duplicate-answers': async () => {
    await using router = faulty('duplicate-answers');
    const [first, second, ...others] = await search(router);
    expect(others).toEqual([]);
    expect(second?.message).toBe(first?.message);
    expect(field(first?.message ?? '', 'LOCATION')).toBe(HERE);
  },

  'answers-out-of-order': async () => {
    await using router = faulty('answers-out-of-order', {}, { maxSearchDelayMs: 0 });
    await using orderly = simulateGateway({ maxSearchDelayMs: 0 });
    const expected = (await search(orderly, { target: 'ssdp:all' })).map(({ message }) => message);
    const heard = await search(router, { target: 'ssdp:all' });
    expect(heard.map(({ message }) => message)).toEqual(expected.reverse());
    expect(heard.map(({ at }) => at)).toEqual([2, 7, 12, 17, 22, 27, 32, 37, 42, 47, 52]);
  },

  'late-answers': async () => {
    await using router = faulty('late-answers');
    expect((await search(router, { mx: 2 })).map(({ at }) => at)).toEqual([2_502]);
  },

  'garbage-datagram': async () => {
    await using router = faulty('garbage-datagram', {}, { maxSearchDelayMs: 0 });
    const [garbage, real, ...others] = await search(router);
    expect(others).toEqual([]);
    expect(garbage?.message).not.toMatch(/^HTTP/);
    expect(garbage?.payload.length).toBeGreaterThan(0);
    expect(field(real?.message ?? '', 'LOCATION')).toBe(HERE);
  },

  'empty-datagram': async () => {
    await using router = faulty('empty-datagram', {}, { maxSearchDelayMs: 0 });
    expect((await search(router)).map(({ payload }) => payload.length === 0)).toEqual([true, false]);
  },

  'truncated-datagram': async () => {
    await using router = faulty('truncated-datagram');
    await using whole = simulateGateway();
    const full = (await search(whole))[0]?.message ?? '';
    for (let count = 0; count < 20; count += 1) {
      const cut = (await search(router))[0]?.message ?? '';
      expect(full.startsWith(cut)).toBe(true);
      expect(cut).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(cut).not.toContain('\r\n\r\n');
    }
  },

  'answers-from-another-port': async () => {
    await using router = faulty('answers-from-another-port');
    const [first] = await search(router);
    const [second] = await search(router);
    expect(first?.from).toMatch(/^192\.168\.1\.1 (?:49|5\d|6[0-5])\d{3}$/);
    expect(second?.from).toBe(first?.from);
  },

  'unicast-searches-only': async () => {
    await using router = faulty('unicast-searches-only');
    expect(await search(router)).toEqual([]);
    expect(await search(router, { to: '192.168.1.1' })).toHaveLength(1);
  },

  'multicast-searches-only': async () => {
    await using router = faulty('multicast-searches-only');
    expect(await search(router)).toHaveLength(1);
    expect(await search(router, { to: '192.168.1.1' })).toEqual([]);
  },

  'ssdp-all-hides-the-gateway': async () => {
    await using router = faulty('ssdp-all-hides-the-gateway');
    const [all, ...others] = await search(router, { target: 'ssdp:all' });
    expect(others).toEqual([]);
    expect(field(all?.message ?? '', 'ST')).toBe('urn:schemas-wifialliance-org:device:WFADevice:1');
    expect(field(all?.message ?? '', 'USN')).toBe(
      'uuid:7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e5ff::urn:schemas-wifialliance-org:device:WFADevice:1',
    );
    const type = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';
    const [gateway] = await search(router, { target: type });
    expect(field(gateway?.message ?? '', 'ST')).toBe(type);
  },

  'bare-line-feeds': async () => {
    await using router = faulty('bare-line-feeds');
    const [heard] = await search(router);
    expect(heard?.message).toMatch(/^HTTP\/1\.1 200 OK\n(?:[A-Z.-]+: [^\r\n]*\n)+\n$/);
  },

  'odd-header-case': async () => {
    await using router = faulty('odd-header-case');
    const [heard] = await search(router);
    expect(heard?.message).toContain(`\r\nlOcAtIoN: ${HERE}\r\n`);
    expect(heard?.message).toContain('\r\nbOoTiD.UpNp.oRg: 1\r\n');
  },

  'answers-without-line-end': async () => {
    await using router = faulty('answers-without-line-end');
    const [answer] = await search(router);
    expect(answer?.message).toMatch(/\r\n[^\r\n]+$/);
    expect(field(answer?.message ?? '', 'LOCATION')).toBe(HERE);
  },

  'answers-after-empty-line': async () => {
    await using router = faulty('answers-after-empty-line');
    const [answer] = await search(router);
    expect(answer?.message).toMatch(/^\r\nHTTP\/1\.1 200 OK\r\n/);
  },

  'spaces-around-location': async () => {
    await using router = faulty('spaces-around-location');
    const [answer] = await search(router);
    expect(answer?.message).toMatch(/^LOCATION: {3}http:\/\/192\.168\.1\.1:5000 \/description\.xml \t$/m);
  },

  'location-on-another-host': async () => {
    await using router = faulty('location-on-another-host');
    expect(field((await search(router))[0]?.message ?? '', 'LOCATION')).toBe(
      'http://192.168.1.66:5000/description.xml',
    );
    const [ipv6] = await search(router, { to: 'FF05::C' });
    expect(field(ipv6?.message ?? '', 'LOCATION')).toBe('http://[fd77::66]:5000/description.xml');
    await using neighbour = faulty('location-on-another-host', {}, { lanAddress: '192.168.1.66' });
    expect(field((await search(neighbour))[0]?.message ?? '', 'LOCATION')).toBe(
      'http://192.168.1.67:5000/description.xml',
    );
  },

  'location-on-loopback': async () => {
    await using router = faulty('location-on-loopback');
    expect(field((await search(router))[0]?.message ?? '', 'LOCATION')).toBe('http://127.0.0.1:5000/description.xml');
    const [ipv6] = await search(router, { to: 'FF05::C' });
    expect(field(ipv6?.message ?? '', 'LOCATION')).toBe('http://[::1]:5000/description.xml');
  },

  'location-off-the-network': async () => {
    await using router = faulty('location-off-the-network');
    expect(field((await search(router))[0]?.message ?? '', 'LOCATION')).toBe(
      'http://203.0.113.66:5000/description.xml',
    );
    const [ipv6] = await search(router, { to: 'FF05::C' });
    expect(field(ipv6?.message ?? '', 'LOCATION')).toBe('http://[2001:db8::66]:5000/description.xml');
  },

  'link-local-location': async () => {
    await using router = faulty('link-local-location');
    const [ipv6] = await search(router, { to: 'FF05::C' });
    expect(ipv6?.from).toBe('fe80::1%lan0 1900');
    expect(field(ipv6?.message ?? '', 'LOCATION')).toBe('http://[fe80::1]:5000/description.xml');
    const [ipv4] = await search(router);
    expect(ipv4?.from).toBe('192.168.1.1 1900');
    expect(field(ipv4?.message ?? '', 'LOCATION')).toBe('http://[fe80::1]:5000/description.xml');
  },
});
