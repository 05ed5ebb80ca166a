import { expect, it } from 'vitest';
import type { PortMapping } from '../../port-mapping.ts';
import { leadsTo, ownerOf } from './ownership.ts';

const OURS: PortMapping = {
  externalPort: 7777,
  protocol: 'UDP',
  remoteHost: '',
  internalClient: '192.168.1.2',
  internalPort: 8888,
  enabled: true,
  description: 'a game',
  leaseSeconds: 3600,
};

it.each<readonly [string, Partial<PortMapping>, 'own' | 'other' | 'unknown', boolean]>([
  ['the same', {}, 'own', true],
  ['leading zeros', { internalClient: '192.168.001.002' }, 'own', true],
  ['IPv4-mapped', { internalClient: '::ffff:192.168.1.2' }, 'own', true],
  ['another host', { internalClient: '192.168.1.3' }, 'other', false],
  ['another port, our description', { internalPort: 9999 }, 'own', false],
  ['our port, another description', { description: 'theirs' }, 'own', true],
  ['another program on this host', { internalPort: 9999, description: 'theirs' }, 'other', false],
  ['no internal port', { internalPort: 0 }, 'own', true],
  ['disabled', { enabled: false }, 'own', false],
  ['a host name', { internalClient: 'mypc.lan' }, 'own', true],
  ['a host name and another port', { internalClient: 'mypc.lan', internalPort: 9999 }, 'unknown', false],
  ['a host name and another description', { internalClient: 'mypc.lan', description: 'theirs' }, 'unknown', true],
])('%s', (_what, changes, owner, leads) => {
  const entry = { ...OURS, ...changes };
  expect([ownerOf(entry, OURS), leadsTo(entry, OURS)]).toEqual([owner, leads]);
});
