import { simulateGateway } from '@portwright/transport-mock';
import { expect, it } from 'vitest';
import { createAbort } from '../../abort.ts';
import { gatewayAt } from '../../client/gateway-at.ts';
import { isDescribedAt } from './probe.ts';

it.each<readonly [string, boolean, string, boolean]>([
  ['its own URL', true, 'http://192.168.1.1:5000/description.xml', true],
  ['its own URL, of another device by now', false, 'http://192.168.1.1:5000/description.xml', false],
  ['a port where nothing answers', true, 'http://192.168.1.1:6000/description.xml', false],
  ['a port of another service', true, 'http://192.168.1.1:22/description.xml', false],
  ['port 80', true, 'http://192.168.1.1:80/description.xml', false],
  ['another host', true, 'http://192.168.1.66:5000/description.xml', false],
  ['a host name', true, 'http://localhost:5000/description.xml', false],
  ['a relative URL', true, 'description.xml', true],
])('the description of a gateway at %s', async (_where, isSameDevice, url, expected) => {
  const router = simulateGateway({ uuid: '11111111-2c4b-4d6e-8f90-a1b2c3d4e500' });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  if (!isSameDevice) router.machine.configure({ uuid: '22222222-2c4b-4d6e-8f90-a1b2c3d4e500' });
  expect(await isDescribedAt(gateway, url, createAbort().signal)).toBe(expected);
});

it.each([
  [22, 0],
  [1023, 0],
  [80, 1],
  [443, 1],
  [1024, 1],
  [5000, 1],
])('port %i of the gateway, which anybody may have announced, gets %i requests', async (port, expected) => {
  const router = simulateGateway();
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  const asked: string[] = [];
  const { http } = router.transport;
  const request: typeof http.request = (message, limits) => {
    asked.push(message.url);
    return http.request(message, limits);
  };
  const counting = { ...gateway, transport: { ...router.transport, http: { request } } };
  await isDescribedAt(counting, `http://192.168.1.1:${port}/description.xml`, createAbort().signal);
  expect(new Set(asked).size).toBe(expected);
});

it('sends no request after its signal has aborted', async () => {
  const router = simulateGateway();
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  const before = router.exchanges().length;
  const abort = createAbort();
  abort.abort();
  expect(await isDescribedAt(gateway, router.descriptionUrl, abort.signal)).toBe(false);
  expect(router.exchanges()).toHaveLength(before);
});
