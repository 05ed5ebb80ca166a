import { expect, test } from 'vitest';
import { serverIn } from './server-url.ts';

test.each([
  ['pcp://192.168.1.1', '192.168.1.1'],
  ['NAT-PMP://10.2.0.1', '10.2.0.1'],
  ['pcp://[fe80::1%eth0]', 'fe80::1%eth0'],
  ['pcp://[2001:db8::1]', '2001:db8::1'],
  ['pcp://192.168.1.1:5351', null],
  ['pcp://192.168.1.1/', null],
  ['pcp://192.168.1', null],
  ['pcp://router.lan', null],
  ['pcp://[192.168.1.1]', null],
  ['pcp://2001:db8::1', null],
  ['http://192.168.1.1', null],
])('the address in %s is %s', (url, address) => {
  expect(serverIn(url)).toBe(address);
});
