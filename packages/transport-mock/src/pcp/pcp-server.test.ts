import { describe, expect, test } from 'vitest';
import {
  ask,
  askAll,
  askPcp,
  fromHex,
  NONCE,
  option,
  OTHER_NONCE,
  pcpAnnounce,
  pcpMap,
  portControlRouter,
  readPcp,
  toHex,
} from '../port-control/port-control.test-support.ts';

describe('ANNOUNCE', () => {
  test('is answered with the epoch alone', async () => {
    await using router = portControlRouter();
    await router.clock.advance('90s');
    expect(toHex(await ask(router, pcpAnnounce()))).toBe('02800000000000000000005a000000000000000000000000');
  });
});

describe('MAP', () => {
  test('is granted, byte for byte', async () => {
    await using router = portControlRouter();
    expect(toHex(await ask(router, pcpMap({ internalPort: 7777, externalPort: 0 })))).toBe(
      toHex(
        fromHex(`0281 0000 00000e10 00000000 000000000000000000000000
          ${NONCE} 11000000 1e61 1e61 00000000000000000000ffff05050501`),
      ),
    );
    expect(router.mappings()).toEqual([
      {
        remoteHost: '',
        externalPort: 7777,
        protocol: 'UDP',
        internalPort: 7777,
        internalClient: '192.168.1.2',
        isEnabled: true,
        description: 'PCP MAP',
        leaseSecondsLeft: 3591,
        via: 'pcp',
        pcp: { nonce: NONCE, filters: [] },
      },
    ]);
  });

  test('TCP and UDP are two mappings', async () => {
    await using router = portControlRouter();
    await askPcp(router, { protocol: 6 });
    await askPcp(router, { protocol: 17 });
    expect(router.mappings()).toMatchObject([{ protocol: 'TCP' }, { protocol: 'UDP' }]);
  });

  test('a datagram from outside arrives', async () => {
    await using router = portControlRouter();
    await askPcp(router, { internalPort: 8888 });
    const game = (await router.transport.datagram.open({ family: 'ipv4', localPort: 8888 }))._unsafeUnwrap();
    const outside = (await router.wanHost().datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
    (await outside.send(fromHex('aa'), { address: '5.5.5.1', port: 7777 }))._unsafeUnwrap();
    const next = await game.datagrams[Symbol.asyncIterator]().next();
    expect(next.done ? null : toHex(next.value.payload)).toBe('aa');
    await game.close();
    await outside.close();
  });

  test.each([
    [1, 120],
    [119, 120],
    [120, 120],
    [86_400, 86_400],
    [86_401, 86_400],
    [4_294_967_295, 86_400],
  ])('15: a lifetime of %d s becomes %d s', async (lifetime, granted) => {
    await using router = portControlRouter();
    expect(await askPcp(router, { lifetime })).toMatchObject({ result: 0, lifetime: granted });
    await router.clock.advance((granted - 11) * 1000);
    expect(router.mappings()).toHaveLength(1);
    await router.clock.advance('2s');
    expect(router.mappings()).toEqual([]);
  });

  test('11.3: a renewal keeps the port, whatever it suggests, and the lease begins anew', async () => {
    await using router = portControlRouter();
    await askPcp(router);
    await router.clock.advance('50m');
    expect(await askPcp(router, { externalPort: 9999 })).toMatchObject({ result: 0, externalPort: 7777 });
    await router.clock.advance('50m');
    expect(router.mappings()).toMatchObject([{ externalPort: 7777 }]);
  });

  test('11.3: another nonce is refused, for as long as the mapping has left', async () => {
    await using router = portControlRouter();
    await askPcp(router);
    await router.clock.advance('50m');
    expect(await askPcp(router, { nonce: OTHER_NONCE })).toMatchObject({
      result: 2,
      lifetime: 590,
      nonce: OTHER_NONCE,
    });
    expect(router.mappings()).toMatchObject([{ pcp: { nonce: NONCE } }]);
  });

  test('a wrong suggested address is replaced', async () => {
    await using router = portControlRouter();
    expect(await askPcp(router, { externalAddress: '9.9.9.9' })).toMatchObject({
      result: 0,
      externalAddress: '00000000000000000000ffff05050501',
    });
  });
});

describe('a delete', () => {
  test('15: takes the nonce, and answers lifetime 0', async () => {
    await using router = portControlRouter();
    await askPcp(router);
    expect(await askPcp(router, { lifetime: 0, nonce: OTHER_NONCE })).toMatchObject({ result: 2 });
    expect(router.mappings()).toHaveLength(1);
    expect(await askPcp(router, { lifetime: 0 })).toMatchObject({ result: 0, lifetime: 0 });
    expect(router.mappings()).toEqual([]);
  });

  test('15: of nothing is a success', async () => {
    await using router = portControlRouter();
    expect(await askPcp(router, { lifetime: 0 })).toMatchObject({ result: 0, lifetime: 0 });
  });

  test('leaves other ports, protocols and clients alone', async () => {
    await using router = portControlRouter();
    const neighbour = router.neighbour();
    await askPcp(router);
    await askPcp(router, { protocol: 6 });
    await askPcp(router, { internalPort: 7000, externalPort: 7000 });
    await askPcp(router, { client: '192.168.1.3', externalPort: 6000 }, { transport: neighbour });
    await askPcp(router, { lifetime: 0 });
    expect(router.mappings().map(({ externalPort, protocol }) => `${protocol} ${externalPort}`)).toEqual([
      'TCP 7777',
      'UDP 7000',
      'UDP 6000',
    ]);
  });

  test('of all ports of a protocol, and of all protocols', async () => {
    await using router = portControlRouter();
    await askPcp(router);
    await askPcp(router, { internalPort: 7000, externalPort: 7000, nonce: OTHER_NONCE });
    await askPcp(router, { protocol: 6 });
    expect(await askPcp(router, { lifetime: 0, internalPort: 0 })).toMatchObject({ result: 0 });
    expect(router.mappings()).toMatchObject([{ externalPort: 7000 }, { protocol: 'TCP' }]);
    expect(await askPcp(router, { lifetime: 0, internalPort: 0, protocol: 0 })).toMatchObject({ result: 0 });
    expect(router.mappings()).toMatchObject([{ externalPort: 7000 }]);
  });
});

describe('what is refused', () => {
  test.each([
    [1, 1800, 'version 3', pcpMap({ version: 3 })],
    [1, 1800, 'version 1', pcpMap({ version: 1 })],
    [3, 1800, 'a length that is no multiple of 4', pcpMap().slice(0, 59)],
    [3, 1800, 'less than a header', pcpMap().slice(0, 20)],
    [3, 1800, 'half of the data', pcpMap().slice(0, 56)],
    [3, 1800, 'all protocols on one port', pcpMap({ protocol: 0 })],
    [4, 1800, 'PEER', pcpMap({ opcode: 2 })],
    [4, 1800, 'opcode 127', pcpMap({ opcode: 127 })],
    [5, 1800, 'THIRD_PARTY', pcpMap({ options: option(1, '00'.repeat(16)) })],
    [5, 1800, 'an unknown option that has to be processed', pcpMap({ options: option(127) })],
    [6, 1800, 'an option that is cut off', pcpMap({ options: '02000004' })],
    [9, 1800, 'SCTP', pcpMap({ protocol: 132 })],
    [9, 1800, 'all ports', pcpMap({ internalPort: 0 })],
    [9, 1800, 'all protocols', pcpMap({ protocol: 0, internalPort: 0 })],
    [12, 1800, 'the address of another', pcpMap({ client: '192.168.1.9' })],
    [12, 1800, 'ANNOUNCE with the address of another', pcpAnnounce('192.168.1.9')],
  ])('%d for %d s: %s', async (result, lifetime, _what, payload) => {
    await using router = portControlRouter();
    const answer = await ask(router, payload);
    expect(readPcp(answer)).toMatchObject({ version: 2, opcode: 0x80 | (payload[1] ?? 0), result, lifetime, epoch: 0 });
    // 8.2: the request again, but for the header.
    expect(toHex(answer.slice(24, payload.length))).toBe(toHex(payload.slice(24)));
    expect(router.mappings()).toEqual([]);
  });

  test('an unknown option that is optional is ignored, and not repeated', async () => {
    await using router = portControlRouter();
    expect(await askPcp(router, { options: option(128, 'aa') })).toMatchObject({ result: 0, options: '' });
  });

  test.each([
    ['nothing', ''],
    ['one byte', '02'],
    ['a response', '02 81 0000'.padEnd(122, '0')],
  ])('%s gets no answer', async (_what, text) => {
    await using router = portControlRouter();
    expect(await askAll(router, [fromHex(text)])).toEqual([]);
  });

  test('7 for 30 s while there is no external address', async () => {
    await using router = portControlRouter();
    router.setWanLink(false);
    expect(await askPcp(router)).toMatchObject({ result: 7, lifetime: 30 });
  });

  test('8 for 30 s when the table is full, and a renewal is still granted', async () => {
    await using router = portControlRouter({ capacity: 1 });
    await askPcp(router);
    expect(await askPcp(router, { internalPort: 1 })).toMatchObject({ result: 8, lifetime: 30 });
    expect(await askPcp(router)).toMatchObject({ result: 0 });
  });

  test('10 for 30 s above the quota of a client', async () => {
    await using router = portControlRouter({ pcp: { clientQuota: 1 } });
    await askPcp(router);
    expect(await askPcp(router, { internalPort: 1 })).toMatchObject({ result: 10, lifetime: 30 });
    expect(await askPcp(router)).toMatchObject({ result: 0 });
    const other = { transport: router.neighbour() };
    expect(await askPcp(router, { client: '192.168.1.3' }, other)).toMatchObject({ result: 0 });
  });

  test('2 while the owner has it switched off, and for an internal port that is not allowed', async () => {
    await using off = portControlRouter({ isSwitchedOff: true });
    expect(await askPcp(off)).toMatchObject({ result: 2, lifetime: 1800 });
    await using picky = portControlRouter({ allowedInternalPorts: [[1024, 65_535]] });
    expect(await askPcp(picky, { internalPort: 80 })).toMatchObject({ result: 2, lifetime: 1800 });
  });
});
