import { expect, test } from 'vitest';
import { expandTemplate, pathOf } from './url-template.ts';

const BOOT = { uuid: '7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e500', bootId: 1 };

test('names stand for values, and what is none of them stays', () => {
  expect(expandTemplate('http://{address}:{port}/{id}?{other}', { address: '10.0.0.1', port: 80, id: 'a' }, BOOT)).toBe(
    'http://10.0.0.1:80/a?{other}',
  );
});

test('drawn characters are the same wherever they stand, and others after a boot or on another device', () => {
  const expand = (template: string, boot = BOOT): string => expandTemplate(template, {}, boot);
  expect(expand('{letters:10}')).toMatch(/^[a-z]{10}$/);
  expect(expand('{digits:19}')).toMatch(/^\d{19}$/);
  expect(expand('{hex:8}')).toMatch(/^[\da-f]{8}$/);
  expect(expand('/{hex:8}/a')).toBe(`/${expand('{hex:8}')}/a`);
  expect(expand('{hex:8}', { ...BOOT, bootId: 2 })).not.toBe(expand('{hex:8}'));
  expect(expand('{hex:8}', { ...BOOT, uuid: '7f1d5e3a-2c4b-4d6e-8f90-a1b2c3d4e600' })).not.toBe(expand('{hex:8}'));
});

test.each([
  ['/ctl', '/ctl'],
  ['/ctl?a=b', '/ctl?a=b'],
  ['http://192.168.1.1:5000/ctl', '/ctl'],
  ['HTTP://[fe80::1]/ctl', '/ctl'],
  ['ctl', '/dir/ctl'],
])('%s leads to %s', (url, path) => {
  expect(pathOf(url, '/dir/desc.xml')).toBe(path);
});
