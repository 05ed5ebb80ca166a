import { expect, test } from 'vitest';
import { renew } from './renew.mjs';

test('a day of renewals leaves every mapping in place, and its lease young', async () => {
  const { renewals, failures, mapped, shortestLease } = await renew({ gateways: 2, mappings: 3, hours: 24 });
  // 2 gateways, 3 mappings, 48 half hours.
  expect({ renewals, failures, mapped }).toEqual({ renewals: 288, failures: 0, mapped: 6 });
  // The end is a quarter of an hour to three quarters after a mapping's last renewal.
  expect(shortestLease).toBeGreaterThan(900);
});
