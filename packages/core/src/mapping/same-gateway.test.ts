import { expect, it } from 'vitest';
import { fakeMapper, leaseOf } from './fake-mapper.test-support.ts';
import type { PortMapper } from './port-mapper.ts';
import { isOn, isSameEndpoint } from './same-gateway.ts';

const HOME = fakeMapper();

it.each<readonly [string, Partial<PortMapper>, { readonly isOn: boolean; readonly isSameEndpoint: boolean }]>([
  ['the same one', {}, { isOn: true, isSameEndpoint: true }],
  ['another protocol', { via: 'pcp' }, { isOn: false, isSameEndpoint: false }],
  [
    'another device at that place',
    { gateway: { ...HOME.gateway, id: 'uuid:other' } },
    { isOn: false, isSameEndpoint: false },
  ],
  [
    'the same device at another place',
    { gateway: { ...HOME.gateway, endpoint: 'http://192.168.1.254/' } },
    { isOn: true, isSameEndpoint: false },
  ],
])('a mapper of %s', (_what, change, expected) => {
  const other = fakeMapper(change);
  expect({ isOn: isOn(leaseOf(), other), isSameEndpoint: isSameEndpoint(HOME, other) }).toEqual(expected);
});
