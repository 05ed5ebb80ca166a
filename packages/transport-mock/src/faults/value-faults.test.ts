import { expect } from 'vitest';
import { WANIP2 } from '../gateway.test-support.ts';
import { call, faulty, testEvery } from './faults.test-support.ts';
import { VALUE_FAULTS } from './value-faults.ts';

testEvery(VALUE_FAULTS, {
  'uptime-as-text': async () => {
    await using router = faulty('uptime-as-text');
    await router.clock.advance('1h');
    expect(await call(router, WANIP2, 'GetStatusInfo')).toMatchObject({ NewUptime: '0 Days, 01:00:00' });
  },

  'empty-status': async () => {
    await using router = faulty('empty-status');
    expect(await call(router, WANIP2, 'GetStatusInfo')).toMatchObject({ NewConnectionStatus: '', NewUptime: '0' });
  },
});
