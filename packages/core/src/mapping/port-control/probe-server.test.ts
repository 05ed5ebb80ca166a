/** Which routers have a server, and what the others say. */
import { expect, it, describe } from 'vitest';
import { createAbort } from '../../abort.ts';
import { probeNatPmp } from '../nat-pmp/mapper.ts';
import { probePcp } from '../pcp/mapper.ts';
import { fakeRouter, ROUTER, ROUTER6, type Answering, type FakeRouter } from './fake-router.test-support.ts';

async function probe(which: 'pcp' | 'nat-pmp', router: FakeRouter, address = ROUTER) {
  const probing = which === 'pcp' ? probePcp : probeNatPmp;
  const found = await probing(router.transport, { address, name: 'eth0' });
  return {
    found: found.match(
      ({ mapper, state }) => [mapper.via, state?.externalAddress],
      ({ reason, version }) => (version === undefined ? reason : `${reason} ${version}`),
    ),
    sent: router.requests(),
    ms: router.network.clock.now(),
  };
}

const answering =
  (bytes: readonly number[]): Answering =>
  () => [{ payload: Uint8Array.from(bytes) }];

describe('a server that answers', () => {
  it('PCP: by ANNOUNCE alone, and nothing is mapped', async () => {
    expect(await probe('pcp', fakeRouter(2))).toEqual({ found: ['pcp', undefined], sent: ['announce'], ms: 5 });
    const router = fakeRouter(2);
    const address = { name: 'eth0', family: 'ipv6', address: 'fe80::20', prefixLength: 64, internal: false } as const;
    router.network.interfaces.push(address, { ...address, address: '2a02:1::20' });
    expect(await probe('pcp', router, ROUTER6)).toMatchObject({ found: ['pcp', undefined] });
  });

  it('NAT-PMP: by the address question alone, which tells the address', async () => {
    const expected = { found: ['nat-pmp', '203.0.113.9'], sent: ['address?'], ms: 5 };
    expect(await probe('nat-pmp', fakeRouter(0))).toEqual(expected);
    expect(await probe('nat-pmp', fakeRouter(0, { wan: '0.0.0.0' }))).toMatchObject({ found: ['nat-pmp', null] });
  });

  it('is found after lost datagrams', async () => {
    expect(await probe('pcp', fakeRouter(2, { mute: 2 }))).toMatchObject({ found: ['pcp', undefined], ms: 755 });
  });

  it('with another refusal than that of this device is there', async () => {
    const router = fakeRouter(2);
    router.network.answering = answering([2, 128, 0, 4, ...new Uint8Array(20)]);
    expect((await probe('pcp', router)).found).toEqual(['pcp', undefined]);
    router.network.answering = answering([0, 128, 0, 5, 0, 0, 0, 1]);
    expect((await probe('nat-pmp', router)).found).toEqual(['nat-pmp', undefined]);
  });
});

describe('a router without it', () => {
  it('NAT-PMP alone, and PCP alone, are told apart at once', async () => {
    expect(await probe('pcp', fakeRouter(0))).toMatchObject({ found: 'other-version 0', ms: 5 });
    expect(await probe('nat-pmp', fakeRouter(2))).toMatchObject({ found: 'other-version 2', ms: 5 });
  });

  it('is silent for 1.75 s', async () => {
    const expected = { found: 'silent', sent: ['announce', 'announce', 'announce'], ms: 1_750 };
    expect(await probe('pcp', fakeRouter(2, { mute: 100 }))).toEqual(expected);
  });

  it('refuses at once by its system', async () => {
    const router = fakeRouter(2);
    router.network.answering = () => 'refused';
    expect(await probe('pcp', router)).toMatchObject({ found: 'refused', ms: 0 });
  });

  it.each([
    ['PCP', 'pcp', [2, 128, 0, 2, ...new Uint8Array(20)]],
    ['NAT-PMP', 'nat-pmp', [0, 128, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0]],
  ] as const)('%s is switched off for this device', async (_name, which, bytes) => {
    const router = fakeRouter(2);
    router.network.answering = answering(bytes);
    const found = await (which === 'pcp' ? probePcp : probeNatPmp)(router.transport, { address: ROUTER });
    expect(found._unsafeUnwrapErr()).toMatchObject({
      reason: 'not-authorized',
      error: { kind: 'refusal', retryInSeconds: 1800, hint: expect.stringContaining('Allow this device') as string },
    });
  });

  it('cannot be reached', async () => {
    const router = fakeRouter(2);
    router.network.isUnreachable = true;
    expect((await probe('pcp', router)).found).toBe('unreachable');
  });
});

it('an abort ends it', async () => {
  const router = fakeRouter(2, { mute: 100 });
  const { signal, abort } = createAbort();
  void router.network.clock.sleep(300).then(abort);
  const found = await probePcp(router.transport, { address: ROUTER }, { signal });
  expect([found._unsafeUnwrapErr().reason, router.network.clock.now()]).toEqual(['aborted', 300]);
  expect((await probePcp(router.transport, { address: ROUTER }, { signal }))._unsafeUnwrapErr().reason).toBe('aborted');
});
