import { expect, test } from 'vitest';
import type { HttpOptions } from '@portwright/core';
import { mappingArgs, readAnswer, soapRequest, WANIP2 } from '../gateway.test-support.ts';
import { simulateGateway } from '../simulate-gateway.ts';

const OPTIONS: HttpOptions = { deadlineMs: 5_000, maxBodyBytes: 100_000 };

test('a fault happens to the nth request that it is for, once, and the recording names it', async () => {
  await using router = simulateGateway();
  const fault = router.inject('reset-after-request', { on: 'AddPortMapping', nth: 2 });
  const add = async (port: number): Promise<unknown> => {
    const request = soapRequest(WANIP2, 'AddPortMapping', mappingArgs({ NewExternalPort: port }));
    return (await router.transport.http.request(request, OPTIONS)).match(readAnswer, ({ code }) => code);
  };
  expect([await add(5001), await add(5002), await add(5003)]).toEqual([{}, 'reset', {}]);
  expect(fault.hits).toBe(1);
  expect(router.mappings().map(({ externalPort }) => externalPort)).toEqual([5001, 5002, 5003]);
  expect(router.exchanges().map(({ faults }) => faults)).toEqual([[], ['reset-after-request'], []]);
});
