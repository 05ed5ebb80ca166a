import { describe, expect, test } from 'vitest';
import {
  ask,
  askAll,
  askNatPmp,
  fromHex,
  NAT_PMP_ADDRESS,
  natPmpMap,
  pcpAnnounce,
  pcpMap,
  portControlRouter,
  toHex,
} from '../port-control/port-control.test-support.ts';

const NAT_PMP_ONLY = { protocols: ['nat-pmp'] } as const;

describe('the external address', () => {
  test('RFC 6886, 3.2: with the epoch', async () => {
    await using router = portControlRouter(NAT_PMP_ONLY);
    await router.clock.advance('90s');
    expect(toHex(await ask(router, NAT_PMP_ADDRESS))).toBe('008000000000005a05050501');
  });

  test('3 and zeros while there is none', async () => {
    await using router = portControlRouter(NAT_PMP_ONLY);
    router.setWanLink(false);
    expect(toHex(await ask(router, NAT_PMP_ADDRESS))).toBe('008000030000000000000000');
  });
});

describe('a mapping', () => {
  test.each([
    [1, 'UDP', '81'],
    [2, 'TCP', '82'],
  ])('opcode %d is %s, byte for byte', async (opcode, protocol, answered) => {
    await using router = portControlRouter(NAT_PMP_ONLY);
    expect(toHex(await ask(router, natPmpMap({ opcode, externalPort: 7778 })))).toBe(
      `00${answered}0000000000001e611e6200000e10`,
    );
    expect(router.mappings()).toEqual([
      {
        remoteHost: '',
        externalPort: 7778,
        protocol,
        internalPort: 7777,
        internalClient: '192.168.1.2',
        isEnabled: true,
        description: `NAT-PMP 7778 ${protocol.toLowerCase()}`,
        leaseSecondsLeft: 3591,
        via: 'nat-pmp',
        pcp: undefined,
      },
    ]);
  });

  test.each([1, 60, 4_294_967_295])('a lifetime of %d s is granted', async (lifetime) => {
    await using router = portControlRouter(NAT_PMP_ONLY);
    expect(await askNatPmp(router, { lifetime })).toMatchObject({ result: 0, lifetime });
  });

  test('3.3: a taken port is replaced by the next free one', async () => {
    await using router = portControlRouter({ ...NAT_PMP_ONLY, reservedPorts: [7778] });
    await askNatPmp(router, {}, { transport: router.neighbour() });
    expect(await askNatPmp(router)).toMatchObject({ result: 0, internalPort: 7777, externalPort: 7779 });
  });

  test('a renewal keeps the port, whatever it suggests', async () => {
    await using router = portControlRouter(NAT_PMP_ONLY);
    await askNatPmp(router, { externalPort: 9000 });
    expect(await askNatPmp(router, { externalPort: 9001 })).toMatchObject({ externalPort: 9000 });
    expect(router.mappings()).toHaveLength(1);
  });

  test('a delete answers port and lifetime 0, whether there was one or not', async () => {
    await using router = portControlRouter(NAT_PMP_ONLY);
    await askNatPmp(router);
    for (let count = 0; count < 2; count += 1) {
      expect(await askNatPmp(router, { lifetime: 0 })).toMatchObject({
        result: 0,
        internalPort: 7777,
        externalPort: 0,
        lifetime: 0,
      });
      expect(router.mappings()).toEqual([]);
    }
  });

  test('3.4: port 0 deletes all of one protocol and client; miniupnpd takes the other protocol with it', async () => {
    for (const deletesAllOfBoth of [false, true]) {
      await using router = portControlRouter({ ...NAT_PMP_ONLY, natPmp: { deletesAllOfBoth } });
      await askNatPmp(router);
      await askNatPmp(router, { opcode: 2 });
      await askNatPmp(router, { externalPort: 6000 }, { transport: router.neighbour() });
      await askNatPmp(router, { lifetime: 0, internalPort: 0, externalPort: 0 });
      expect(router.mappings().map(({ protocol, externalPort }) => `${protocol} ${externalPort}`)).toEqual(
        deletesAllOfBoth ? ['UDP 6000'] : ['TCP 7777', 'UDP 6000'],
      );
    }
  });
});

describe('what is refused', () => {
  test.each([
    ['2: internal port 0', {}, 2],
    ['2: an internal port that is not allowed', { allowedInternalPorts: [[8000, 8001]] } as const, 2],
    ['2: the owner has it switched off', { isSwitchedOff: true }, 2],
    ['3: no external address', { isWanUp: false }, 3],
    ['4: no room', { capacity: 0 }, 4],
  ])('%s', async (what, options, result) => {
    await using router = portControlRouter({ ...NAT_PMP_ONLY, ...options });
    const internalPort = what.includes('port 0') ? 0 : 7777;
    expect(await askNatPmp(router, { internalPort })).toEqual({
      opcode: 129,
      result,
      epoch: 0,
      internalPort,
      externalPort: 0,
      lifetime: 0,
    });
  });

  test('3.5: an unknown opcode is 5, in 8 bytes', async () => {
    await using router = portControlRouter(NAT_PMP_ONLY);
    expect(toHex(await ask(router, fromHex('0007')))).toBe('0087000500000000');
  });

  test('3.5: another version is 1, in 8 bytes of version 0', async () => {
    await using router = portControlRouter(NAT_PMP_ONLY);
    await router.clock.advance('1s');
    expect(toHex(await ask(router, pcpAnnounce()))).toBe('0080000100000001');
    expect(toHex(await ask(router, pcpMap()))).toBe('008100010000000b');
  });

  test.each(['', '00', '00 80', '02 81', '00 01 0000 1e61 1e61 000e10', '0082 0000'])(
    '"%s" gets no answer',
    async (text) => {
      await using router = portControlRouter(NAT_PMP_ONLY);
      expect(await askAll(router, [fromHex(text)])).toEqual([]);
    },
  );
});

describe('Proton VPN', () => {
  test('grants 60 s, whatever is asked, and answers internal port 0 with a port of its own choice', async () => {
    const natPmp = {
      lifetimeSeconds: [60, 60],
      choosesPort: true,
      mapsInternalPortZero: true,
      answeredInternalPort: 0,
    } as const;
    await using router = portControlRouter({ ...NAT_PMP_ONLY, natPmp });
    const udp = await askNatPmp(router, { internalPort: 1, externalPort: 0 });
    expect(udp).toMatchObject({ result: 0, internalPort: 0, lifetime: 60 });
    expect(udp.externalPort).toBeGreaterThan(1024);
    expect(udp.externalPort).not.toBe(1);
    const { externalPort } = udp;
    expect(await askNatPmp(router, { opcode: 2, internalPort: 1, externalPort })).toMatchObject({ externalPort });
    expect(await askNatPmp(router, { internalPort: 1, externalPort: 0 })).toMatchObject({ externalPort });
    const zero = await askNatPmp(router, { internalPort: 0, externalPort: 0 }, { transport: router.neighbour() });
    expect(zero).toMatchObject({ result: 0, internalPort: 0 });
    expect(zero.externalPort).not.toBe(externalPort);
    expect(router.mappings().at(-1)).toMatchObject({ internalPort: zero.externalPort });
    const again = await askNatPmp(router, { internalPort: 0, externalPort: 0 }, { transport: router.neighbour() });
    expect(again.externalPort).toBe(zero.externalPort);
    await router.clock.advance('60s');
    expect(router.mappings()).toEqual([]);
  });
});
