/** Routers that deviate: what each option of the PCP server, and those that it shares with NAT-PMP, does. */
import { expect, test } from 'vitest';
import { mappingArgs, readAnswer, soapRequest, WANIP2 } from '../gateway.test-support.ts';
import {
  ask,
  askAll,
  askNatPmp,
  askPcp,
  NAT_PMP_ADDRESS,
  natPmpMap,
  OTHER_NONCE,
  pcpAnnounce,
  pcpMap,
  portControlRouter,
  readPcp,
  toHex,
} from '../port-control/port-control.test-support.ts';

test('renewsWithAnyNonce: the new nonce replaces the old one, and deleting takes the new one', async () => {
  for (const renewsWithAnyNonce of ['ipv4', 'all'] as const) {
    await using router = portControlRouter({ pcp: { renewsWithAnyNonce } });
    await askPcp(router);
    expect(await askPcp(router, { nonce: OTHER_NONCE })).toMatchObject({ result: 0, externalPort: 7777 });
    expect(await askPcp(router, { lifetime: 0 })).toMatchObject({ result: 2 });
    expect(await askPcp(router, { lifetime: 0, nonce: OTHER_NONCE })).toMatchObject({ result: 0 });
    expect(router.mappings()).toEqual([]);
  }
});

test('errorSeconds: those of its results are changed, and no others', async () => {
  await using router = portControlRouter({
    pcp: { errorSeconds: { 9: 0, 2: 7 } },
    allowedInternalPorts: [[7777, 7777]],
  });
  expect(await askPcp(router, { protocol: 132 })).toMatchObject({ result: 9, lifetime: 0 });
  expect(await askPcp(router, { internalPort: 1 })).toMatchObject({ result: 2, lifetime: 7 });
  expect(await askPcp(router, { opcode: 2 })).toMatchObject({ result: 4, lifetime: 1800 });
});

test('isRefused: every request is 2, and NAT-PMP goes on', async () => {
  await using router = portControlRouter({ pcp: { isRefused: true } });
  expect(readPcp(await ask(router, pcpAnnounce()))).toMatchObject({ opcode: 128, result: 2, lifetime: 1800 });
  expect(await askPcp(router)).toMatchObject({ opcode: 129, result: 2 });
  expect(await askNatPmp(router)).toMatchObject({ result: 0 });
  await using other = portControlRouter({ natPmp: { isRefused: true } });
  expect(toHex(await ask(other, NAT_PMP_ADDRESS))).toBe('008000020000000000000000');
  expect(await askNatPmp(other)).toMatchObject({ result: 2, lifetime: 0 });
  expect(await askPcp(other)).toMatchObject({ result: 0 });
});

test('forbiddenDelayMs: a refusal takes its time, and what arrives meanwhile waits', async () => {
  await using router = portControlRouter({
    allowedInternalPorts: [[1024, 65_535]],
    pcp: { forbiddenDelayMs: 2_500 },
    natPmp: { forbiddenDelayMs: 2_900 },
  });
  const forbidden = pcpMap({ internalPort: 80 });
  const heard = await askAll(router, [
    NAT_PMP_ADDRESS,
    forbidden,
    NAT_PMP_ADDRESS,
    pcpAnnounce(),
    natPmpMap({ internalPort: 80 }),
    natPmpMap(),
  ]);
  expect(heard.map(({ at, payload }) => [at, payload[1], payload[3]])).toEqual([
    [2, 128, 0],
    [2_502, 129, 2],
    [2_502, 128, 0],
    [2_502, 128, 0],
    [5_402, 129, 2],
    [5_402, 129, 0],
  ]);
  const [later] = await askAll(router, [NAT_PMP_ADDRESS]);
  expect(later?.at).toBe(10_002);
});

test('nothingToDelete: 8 for an IPv4 mapping that is not there', async () => {
  await using router = portControlRouter({ pcp: { nothingToDelete: 8 } });
  expect(await askPcp(router, { lifetime: 0 })).toMatchObject({ result: 8, lifetime: 30 });
});

test('checksAnnounceAddress: only MAP finds the NAT in between', async () => {
  await using router = portControlRouter({ pcp: { checksAnnounceAddress: false }, clientsBehind: '192.168.1.77' });
  expect(readPcp(await ask(router, pcpAnnounce()))).toMatchObject({ result: 0 });
  expect(await askPcp(router)).toMatchObject({ result: 12, lifetime: 1800 });
});

test('clientsBehind: MAP is 12, and NAT-PMP maps to the NAT in between', async () => {
  await using router = portControlRouter({ clientsBehind: '192.168.1.77' });
  expect(readPcp(await ask(router, pcpAnnounce()))).toMatchObject({ result: 12 });
  expect(await askPcp(router)).toMatchObject({ result: 12 });
  expect(await askNatPmp(router)).toMatchObject({ result: 0 });
  expect(router.mappings()).toMatchObject([{ internalClient: '192.168.1.77' }]);
});

test('readsVersion1: MAP has no nonce there, and is answered in version 1', async () => {
  await using router = portControlRouter({ pcp: { readsVersion1: true } });
  const answer = await ask(router, pcpMap({ version: 1, nonce: '' }));
  expect(toHex(answer)).toBe(
    `0181000000000e1000000000${'00'.repeat(12)}110000001e611e6100000000000000000000ffff05050501`,
  );
  expect(router.mappings()).toMatchObject([{ pcp: { nonce: '' } }]);
  expect(readPcp(await ask(router, pcpAnnounce('192.168.1.2', 1)))).toMatchObject({ version: 1, result: 0 });
  expect(readPcp(await ask(router, pcpMap({ version: 1, nonce: '', protocol: 132 })))).toMatchObject({
    version: 1,
    result: 9,
  });
  expect(readPcp(await ask(router, pcpMap({ version: 3 })))).toMatchObject({ version: 2, result: 1 });
});

test('answersOddLengthAsNatPmp: it looks like an error of NAT-PMP', async () => {
  await using router = portControlRouter({ pcp: { answersOddLengthAsNatPmp: true } });
  await router.clock.advance('5s');
  expect(toHex(await ask(router, pcpMap().slice(0, 29)))).toBe('0080000300000005');
  expect(readPcp(await ask(router, pcpMap().slice(0, 20)))).toMatchObject({ version: 2, result: 3 });
});

test('mapsPrivateAddress: behind another router PCP is 8, NAT-PMP 3, UPnP 501, and ANNOUNCE a success', async () => {
  await using router = portControlRouter({ mapsPrivateAddress: false, externalAddress: '192.168.0.2' });
  const soap = async (action: string, args: string) => {
    const options = { deadlineMs: 5_000, maxBodyBytes: 100_000 };
    return readAnswer(
      (await router.transport.http.request(soapRequest(WANIP2, action, args), options))._unsafeUnwrap(),
    );
  };
  expect(readPcp(await ask(router, pcpAnnounce()))).toMatchObject({ result: 0 });
  expect(await askPcp(router)).toMatchObject({ result: 8, lifetime: 30 });
  expect(await askNatPmp(router)).toMatchObject({ result: 3 });
  expect(toHex(await ask(router, NAT_PMP_ADDRESS))).toMatch(/^00800003.{8}00000000$/);
  expect(await soap('AddPortMapping', mappingArgs())).toBe(501);
  expect(await soap('GetExternalIPAddress', '')).toEqual({ NewExternalIPAddress: '' });
  router.changeExternalAddress('5.5.5.77');
  expect(await askPcp(router)).toMatchObject({ result: 0 });
  expect(await soap('GetExternalIPAddress', '')).toEqual({ NewExternalIPAddress: '5.5.5.77' });
  await using careless = portControlRouter({ externalAddress: '192.168.0.2' });
  expect(await askPcp(careless)).toMatchObject({ result: 0 });
});

test.each([
  '10.1.2.3',
  '100.64.0.1',
  '100.127.255.255',
  '172.31.0.1',
  '169.254.1.1',
  '192.0.2.1',
  '198.19.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '240.0.0.1',
])('%s is no public address', async (externalAddress) => {
  await using router = portControlRouter({ mapsPrivateAddress: false, externalAddress });
  expect(await askPcp(router)).toMatchObject({ result: 8 });
});

test.each(['100.63.255.255', '100.128.0.1', '172.32.0.1', '192.0.3.1', '198.20.0.1', '223.255.255.255'])(
  '%s is a public address',
  async (externalAddress) => {
    await using router = portControlRouter({ mapsPrivateAddress: false, externalAddress });
    expect(await askPcp(router)).toMatchObject({ result: 0 });
  },
);
