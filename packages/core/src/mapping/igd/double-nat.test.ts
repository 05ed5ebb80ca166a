/** A router that refuses everything with 501, since its own external address is not public (miniupnpd). */
import type { SimulateGatewayOptions } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import type { AttemptError, FailedAttempt } from '../attempts.ts';
import { standsBehindRouter } from './double-nat.ts';
import { actions, connected, fault, transport } from './igd.test-support.ts';

const BRIDGE =
  'Connect this computer to the other router, or set one of the two to bridge mode. ' +
  'If there is none in your home, ask your provider for a public IPv4 address.';

function failed(...errors: readonly AttemptError[]): readonly FailedAttempt[] {
  return errors.map((error) => ({
    method: 'exact',
    externalPort: 7777,
    leaseSeconds: 3600,
    description: 'a game',
    replacing: false,
    delayMs: 0,
    protocol: 'UDP',
    error,
    owner: 'nobody',
  }));
}

describe('after nothing but 501', () => {
  it.each<readonly [string, SimulateGatewayOptions, { readonly message: string; readonly hint: string } | null]>([
    [
      'a shared address',
      { externalAddress: '100.64.3.4' },
      {
        message:
          'your router has no public address: 100.64.3.4 is shared with other customers, ' +
          'and it refuses every port mapping (501 ActionFailed)',
        hint: 'Ask your provider for a public IPv4 address, or open the port over IPv6.',
      },
    ],
    [
      'a private address',
      { externalAddress: '192.168.0.2' },
      {
        message:
          'your router stands behind another router: its address 192.168.0.2 is private, ' +
          'and it refuses every port mapping (501 ActionFailed)',
        hint: BRIDGE,
      },
    ],
    [
      'no address, though connected',
      { externalAddress: '' },
      {
        message:
          'your router stands behind another router, it seems: it reports no public address, ' +
          'and it refuses every port mapping (501 ActionFailed)',
        hint: BRIDGE,
      },
    ],
    ['a public address', {}, null],
    ['no address, and no line', { isWanUp: false }, null],
  ])('%s', async (_what, options, expected) => {
    const [, gateway] = await connected(options);
    expect(await standsBehindRouter(gateway, failed(fault(501), fault(501)), {})).toEqual(expected);
  });
});

it.each<readonly [string, readonly AttemptError[]]>([
  ['no attempt', []],
  ['another refusal', [fault(606)]],
  ['another refusal beside it', [fault(501), fault(718)]],
  ['another refusal before it', [fault(718), fault(501)]],
  ['HTTP 501', [transport('http-status', 501)]],
])('after %s, nothing is asked', async (_what, errors) => {
  const [router, gateway] = await connected({ externalAddress: '192.168.0.2' });
  const before = router.exchanges().length;
  expect(await standsBehindRouter(gateway, failed(...errors), {})).toBe(null);
  expect(router.exchanges()).toHaveLength(before);
  expect(actions(router)).toEqual([]);
});
