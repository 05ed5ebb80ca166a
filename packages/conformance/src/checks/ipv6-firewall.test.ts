import type { InterceptedCall } from '@portwright/transport-mock';
import { expect, test } from 'vitest';
import { checkGateway, resultOf } from '../mutants/mutant.test-support.ts';
import { type Mutant, onAction, rewrites, success } from '../mutants/mutant.ts';

const ADD = 'AddPinhole';

async function verdictOn(id: string, hooks: NonNullable<Mutant['hooks']>): Promise<unknown> {
  return resultOf(await checkGateway({ what: '', hooks }, { only: [id] }), id);
}

const number = ({ args }: InterceptedCall, name: string): number => Number(args.get(name));

/** Another code for one mistake. */
const recoded = (action: string, from: number): NonNullable<Mutant['hooks']> =>
  rewrites(
    (context) => context.action === action,
    (text) => text.replace(`>${from}<`, '>402<'),
  );

/** Takes what is to be refused, as if it were something else. */
const takes = (name: string, value: number, as: number): NonNullable<Mutant['hooks']> =>
  rewritesRequests((text) => text.replace(`<${name}>${value}</${name}>`, `<${name}>${as}</${name}>`));

function rewritesRequests(rewrite: (text: string) => string): NonNullable<Mutant['hooks']> {
  return () => ({
    response: (context, proceed) => {
      if (context.action !== ADD) return proceed();
      const body = new TextEncoder().encode(rewrite(new TextDecoder().decode(context.request.body)));
      return proceed({ ...context, request: { ...context.request, body } });
    },
  });
}

test.each([0, 86_401])('a lease of %i that is taken is missed', async (lease) => {
  expect(await verdictOn('v6fw/add-update-delete', takes('LeaseTime', lease, 600))).toMatchObject({
    verdict: 'fail',
    expected: `AddPinhole with a lease of ${lease} refused`,
  });
});

test('a pinhole that is added again and lasts no longer is missed', async () => {
  const stubborn = onAction(ADD, (call, proceed) => {
    const port = number(call, 'InternalPort');
    const existing = call.gateway.firewall.pinholes.all().find(({ internalPort }) => internalPort === port);
    return existing === undefined ? proceed() : success({ UniqueID: existing.uniqueId });
  });
  expect(await verdictOn('v6fw/add-update-delete', stubborn)).toMatchObject({
    verdict: 'fail',
    expected: 'the pinhole, added again, to exist after the end of its first lease',
    actual: 'a fault with 704',
  });
});

test('a pinhole that is updated and lasts no longer is missed', async () => {
  const idle = onAction('UpdatePinhole', () => success({}));
  expect(await verdictOn('v6fw/add-update-delete', idle)).toMatchObject({
    verdict: 'fail',
    expected: 'the pinhole, updated, to exist after the end of its first lease',
    actual: 'a fault with 704',
  });
});

test('a pinhole that is not deleted is missed', async () => {
  const idle = onAction('DeletePinhole', () => success({}));
  expect(await verdictOn('v6fw/add-update-delete', idle)).toMatchObject({
    verdict: 'fail',
    expected: 'GetPinholePackets refused',
  });
});

test.each([
  [ADD, 705, 'AddPinhole with {"Protocol":253} refused with 705'],
  [ADD, 706, 'AddPinhole with {"InternalPort":0} refused with 706'],
  [ADD, 707, 'AddPinhole with {"Protocol":65535} refused with 707'],
  [ADD, 708, 'AddPinhole with {"InternalClient":""} refused with 708'],
  [ADD, 606, 'AddPinhole with {"InternalClient":"2001:db8::66"} refused with 606'],
  ['UpdatePinhole', 704, 'UpdatePinhole refused with 704'],
  ['DeletePinhole', 704, 'DeletePinhole refused with 704'],
])('%s that has another word than %i is missed', async (action, code, expected) => {
  expect(await verdictOn('v6fw/errors', recoded(action, code))).toMatchObject({ verdict: 'fail', expected });
});

test.each([
  ['port 0', takes('InternalPort', 0, 4_711)],
  ['any protocol', takes('Protocol', 65_535, 6)],
  ['ICMP', takes('Protocol', 1, 6)],
])('a firewall that has pinholes for %s is right', async (_what, hooks) => {
  expect(await verdictOn('v6fw/errors', hooks)).toMatchObject({ verdict: 'pass' });
});
