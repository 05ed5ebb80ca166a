import type { InterceptedCall } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { checkGateway, resultOf } from '../mutants/mutant.test-support.ts';
import { type Mutant, onAction, refusal } from '../mutants/mutant.ts';
import type { ConformanceOptions } from '../run/options.ts';

const ID = 'wanppp/mapping-suite';
const ADD = 'AddPortMapping';
const argumentOf = ({ args }: InterceptedCall, name: string): string => String(args.get(name) ?? '');
const isPpp = ({ service }: InterceptedCall): boolean => service.serviceType.includes('WANPPPConnection');

/** A gateway whose WANPPPConnection refuses some mappings with 501. */
async function verdictOn(
  isRefused: (call: InterceptedCall) => boolean,
  options: ConformanceOptions = {},
): Promise<unknown> {
  const hooks = onAction(ADD, (call, proceed) => (isPpp(call) && isRefused(call) ? refusal(501) : proceed()));
  const mutant: Mutant = { what: '', options: { connectionService: 'ip-and-ppp' }, hooks };
  return resultOf(await checkGateway(mutant, { only: [ID], ...options }), ID);
}

describe('what a WANPPPConnection misses', () => {
  test('is missed as a must where it is one', async () => {
    const tcpAlone = (call: InterceptedCall): boolean => argumentOf(call, 'NewProtocol') === 'UDP';
    expect(await verdictOn(tcpAlone)).toMatchObject({
      verdict: 'fail',
      expected: expect.stringContaining('wanip/add-tcp-and-udp: ') as string,
    });
  });

  test.each([
    ['wanip/description-escaping', (call) => argumentOf(call, 'NewPortMappingDescription').includes('Zürich')],
    ['wanip/add-remote-host', (call) => argumentOf(call, 'NewRemoteHost') !== ''],
    ['wanip/add-ext-wildcard', (call) => argumentOf(call, 'NewExternalPort') === '0'],
  ] as readonly (readonly [string, (call: InterceptedCall) => boolean])[])(
    '%s is none, and a warning here',
    async (id, isRefused) => {
      const missed = { actual: `${id}: a fault with 501` };
      expect(await verdictOn(isRefused)).toMatchObject({ verdict: 'warn', ...missed });
      expect(await verdictOn(isRefused, { strict: true })).toMatchObject({ verdict: 'fail', ...missed });
    },
  );
});

test('port 0 is asked for in a run alone that may disrupt', async () => {
  const asked: string[] = [];
  const look = (call: InterceptedCall): boolean => {
    asked.push(argumentOf(call, 'NewExternalPort'));
    return false;
  };
  expect(await verdictOn(look, { disruptive: false })).toMatchObject({ verdict: 'pass' });
  expect(asked.length).toBeGreaterThan(32);
  expect(asked).not.toContain('0');
  await verdictOn(look);
  expect(asked).toContain('0');
});
