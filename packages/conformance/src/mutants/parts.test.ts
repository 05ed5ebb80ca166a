/** The parts of checks that have several: each can be missed by itself. */
import type { InterceptedCall } from '@portwright/transport-mock';
import { describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../checks/requirements.ts';
import { checkGateway, flagged, resultOf } from './mutant.test-support.ts';
import { answersWith, bodyOf, isFor, type Mutant, onAction, onRequest, refusal, rewrites, success } from './mutant.ts';

async function verdictOn(id: string, mutant: Omit<Mutant, 'what'>): Promise<unknown> {
  return resultOf(await checkGateway({ what: '', ...mutant }, { only: [id] }), id);
}

describe('lease-counts-down', () => {
  const ID = 'wanip/lease-counts-down';

  test('a lease that stays what it was, and ends', async () => {
    const leases = new Map<string, number>();
    const port = (call: InterceptedCall): string => String(call.args.get('NewExternalPort'));
    const still: Mutant['hooks'] = () => ({
      action: (call, proceed) => {
        if (call.action === 'AddPortMapping') leases.set(port(call), Number(call.args.get('NewLeaseDuration')));
        if (call.action !== 'GetSpecificPortMappingEntry') return proceed();
        return proceed().map((values) => ({ ...values, NewLeaseDuration: leases.get(port(call)) ?? 0 }));
      },
    });
    expect(await verdictOn(ID, { hooks: still })).toMatchObject({
      verdict: 'warn',
      expected: expect.stringMatching(/^less than \d+ seconds left/) as string,
    });
  });

  test('a mapping that ends before its lease', async () => {
    const short = onAction('AddPortMapping', (call, proceed) => {
      const args = new Map([...call.args]);
      if (Number(args.get('NewLeaseDuration')) > 1) args.set('NewLeaseDuration', 1);
      return proceed({ ...call, args });
    });
    expect(await verdictOn(ID, { hooks: short })).toMatchObject({
      verdict: 'warn',
      expected: expect.stringMatching(/^a mapping for \d+ seconds/) as string,
    });
  });
});

test('unauthorized-606: an external address while there is no connection', async () => {
  const hooks = answersWith('GetExternalIPAddress', { NewExternalIPAddress: '5.5.5.1' });
  const stale = { options: { isWanUp: false }, hooks };
  expect(await verdictOn('wanip2/unauthorized-606', stale)).toMatchObject({
    verdict: 'fail',
    expected: expect.stringMatching(/^no external address while /) as string,
  });
  expect(await verdictOn('wanip2/unauthorized-606', { options: { isWanUp: false } })).toMatchObject({
    verdict: 'pass',
  });
});

describe('range-empty-730', () => {
  test.each(['GetListOfPortMappings', 'DeletePortMappingRange'])('%s says something else', async (action) => {
    const hooks = rewrites(
      (context) => context.action === action,
      (text) => text.replace('>730<', '>714<'),
    );
    expect(await verdictOn('wanip2/range-empty-730', { hooks })).toMatchObject({
      verdict: 'fail',
      expected: `${action} refused with 730`,
    });
  });
});

test('delete-range: the caller’s own mapping stays', async () => {
  const hooks = onAction('DeletePortMappingRange', () => success({}));
  expect(await verdictOn('wanip2/delete-range', { hooks })).toMatchObject({
    verdict: 'fail',
    expected: 'the mapping of the caller deleted',
  });
});

describe('no-724-727', () => {
  test.each([
    ['different ports', 724, (call) => call.args.get('NewExternalPort') !== call.args.get('NewInternalPort')],
    ['a finite lease', 725, (call) => call.args.get('NewLeaseDuration') === 3_600],
    ['a remote host', 726, (call) => call.args.get('NewRemoteHost') !== ''],
  ] as readonly (readonly [string, number, (call: InterceptedCall) => boolean])[])(
    '%s refused with %i',
    async (_what, code, isMeant) => {
      const hooks = onAction('AddPortMapping', (call, proceed) => (isMeant(call) ? refusal(code) : proceed()));
      expect(await verdictOn('wanip2/no-724-727', { hooks })).toMatchObject({
        verdict: 'fail',
        actual: `a fault with ${code}`,
      });
    },
  );
});

describe('renew-unsubscribe', () => {
  const isUnsubscribe = isFor('event');

  test('UNSUBSCRIBE is refused', async () => {
    const hooks = onRequest(
      (context) => isUnsubscribe(context) && context.request.method === 'UNSUBSCRIBE',
      (_context, proceed) => ({ ...proceed(), status: 500 }),
    );
    expect(await verdictOn('gena/renew-unsubscribe', { hooks })).toMatchObject({
      verdict: 'fail',
      expected: '200 for UNSUBSCRIBE',
    });
  });
});

test('response-name-ns: one action of the four is answered in another name', async () => {
  const hooks = rewrites(
    (context) => context.action === 'GetNATRSIPStatus' && bodyOf(context) !== '',
    (text) => text.replaceAll('GetNATRSIPStatusResponse', 'GetNATStatusResponse'),
  );
  expect(await verdictOn('soap/response-name-ns', { hooks })).toMatchObject({
    verdict: 'fail',
    expected: expect.stringContaining('<GetNATRSIPStatusResponse>') as string,
  });
});

// Whole runs: one has a second connection, and the servers on UDP port 5351 have one protocol or both.
test('without a defect nothing is missed, and every check passes somewhere', async () => {
  const options = { stateQueries: 'evented', connectionService: 'ip-and-ppp' } as const;
  const reports = [
    await checkGateway({ what: '', options }),
    await checkGateway({ what: '', version: 1, options: { stateQueries: 'evented' } }),
    await checkGateway({ what: '', options: { protocols: ['pcp', 'nat-pmp'] } }),
    await checkGateway({ what: '', options: { protocols: ['pcp'] } }),
    await checkGateway({ what: '', options: { protocols: ['nat-pmp'] } }),
  ];
  expect(reports.flatMap(flagged)).toEqual([]);
  expect(reports.map(({ counts }) => counts.inconclusive)).toEqual([0, 0, 0, 0, 0]);
  const passed = new Set(
    reports
      .flatMap(({ results }) => results)
      .filter(({ verdict }) => verdict === 'pass')
      .map(({ requirement }) => requirement.id),
  );
  expect(REQUIREMENTS.filter(({ id }) => !passed.has(id)).map(({ id }) => id)).toEqual([]);
});
