import type { Around, FaultDefinition, InterceptedCall, RequestContext } from './fault.ts';
import { ok, type Result } from '@portwright/core/result';
import type { HttpOutcome } from '../network/network-host.ts';
import type { ActionFault, ActionOutput } from '../gateway/model.ts';

const ADDRESS_ACTION = ['GetExternalIPAddress'];
const NO_ADDRESS = 'reports an error: there is no usable external address';
const DOUBLE_NAT = 'warns of double NAT, and continues';
/** How long a gateway that can't do two things at once is busy with one. */
const BUSY_MS = 50;

/** What happens to the gateway, its connection and its network. */
export const GATEWAY_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  reboot: {
    row: 39,
    what: 'the gateway reboots: higher BOOTID, uptime 0, no mappings, another control port; requests during the reboot are reset',
    remedy: 'searches again, and restores every mapping that it keeps',
    testSetup: { when: { after: '20m' } },
    hooks: ({ controls }) => ({
      strike: () => {
        controls.reboot();
      },
      ...UNANSWERED,
    }),
  },
  'external-address-changes': {
    row: 40,
    what: 'the provider assigns another address, 5.5.5.77',
    remedy: 'reports the new address, from an event or the next poll',
    testSetup: { when: { after: '20m' } },
    hooks: ({ controls }) => ({
      strike: () => {
        controls.changeExternalAddress('5.5.5.77');
      },
    }),
  },
  'external-address-empty': {
    row: 40,
    what: 'the external address is empty',
    remedy: NO_ADDRESS,
    on: ADDRESS_ACTION,
    testSetup: { withoutEvents: true },
    hooks: () => ({ action: tellingAddress('') }),
  },
  'external-address-zero': {
    row: 40,
    what: 'the external address is 0.0.0.0',
    remedy: NO_ADDRESS,
    on: ADDRESS_ACTION,
    testSetup: { withoutEvents: true },
    hooks: () => ({ action: tellingAddress('0.0.0.0') }),
  },
  'external-address-private': {
    row: 40,
    what: 'the external address is private (RFC 1918): there is another NAT upstream',
    remedy: DOUBLE_NAT,
    on: ADDRESS_ACTION,
    testSetup: { withoutEvents: true },
    hooks: () => ({ action: tellingAddress('10.0.0.77') }),
  },
  'external-address-shared': {
    row: 40,
    what: 'the external address is in 100.64.0.0/10 (RFC 6598): the provider has a NAT upstream',
    remedy: DOUBLE_NAT,
    on: ADDRESS_ACTION,
    testSetup: { withoutEvents: true },
    hooks: () => ({ action: tellingAddress('100.64.0.77') }),
  },
  'wan-link-down': {
    row: 40,
    what: 'the WAN cable is pulled: Disconnected, and no external address',
    remedy: NO_ADDRESS,
    testSetup: { when: { after: '20m' } },
    hooks: ({ controls }) => ({
      strike: () => {
        controls.setWanLink(false);
      },
    }),
  },
  'parallel-requests-break': {
    row: 51,
    what: 'each answer takes 50 ms, and a request that arrives during that time is reset',
    remedy: 'sends one request at a time to a gateway',
    hooks: ({ now }) => {
      let busyUntil = -Infinity;
      return {
        outcome: (_context, proceed) => {
          if (now() < busyUntil) return RESET;
          busyUntil = now() + BUSY_MS;
          const outcome = proceed();
          return { ...outcome, delayMs: outcome.delayMs + BUSY_MS };
        },
      };
    },
  },
  'network-changes': {
    row: 54,
    what: 'the network changes its subnet: older sockets receive nothing, and answers in transit are lost',
    remedy: 'aborts, opens new sockets, and searches again',
    mounts: 'memory',
    testSetup: { when: { after: '20m' } },
    hooks: ({ controls }) => ({
      strike: () => {
        controls.changeNetwork();
      },
    }),
  },
};

const RESET: HttpOutcome = {
  kind: 'failure',
  code: 'reset',
  cause: 'ECONNRESET',
  delayMs: 0,
  wire: [{ kind: 'reset' }],
};

/** A request that is neither carried out nor answered. */
const UNANSWERED: { readonly outcome: Around<RequestContext, HttpOutcome> } = { outcome: () => RESET };

function tellingAddress(address: string): Around<InterceptedCall, Result<ActionOutput, ActionFault>> {
  return (_call, proceed) => proceed().andThen((output) => ok({ ...output, NewExternalIPAddress: address }));
}
