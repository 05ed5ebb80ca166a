import type { NoGatewayError, RejectedCandidate, TransportErrorCode } from '@portwright/core';
import type { AttemptError, FailedAttempt, NotMappedError } from '@portwright/core/mapping';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../errors/problem.ts';
import { waitOrEnd } from './wait-or-end.ts';

const NOTHING_ELSE = { isInterrupted: false, isTimedOut: false };

const transport = (code: TransportErrorCode, status?: number) =>
  ({ kind: 'transport', code, message: '', ...(status === undefined ? {} : { status }) }) as const;

const fault = (code: number | null) =>
  ({
    kind: 'upnp-fault',
    code,
    service: '',
    action: 'AddPortMapping',
    name: 'Unknown',
    description: '',
    message: '',
  }) as const;

const malformed = (code: 'xml' | 'description' | 'response' | 'empty') =>
  ({ kind: 'malformed', code, message: '', expected: '', where: '', excerpt: '' }) as const;

const ENTRY = {
  externalPort: 7777,
  protocol: 'TCP',
  remoteHost: '',
  internalClient: '192.168.1.77',
  internalPort: 7777,
  enabled: true,
  description: '',
  leaseSeconds: 0,
} as const;
const conflict = { kind: 'conflict', code: 'foreign', message: '', entry: ENTRY } as const;
const unconfirmed = { kind: 'unconfirmed', code: 'absent', message: '', entry: null } as const;

const noGateway = (
  code: NoGatewayError['code'],
  search: boolean,
  ...candidates: readonly RejectedCandidate['code'][]
): NoGatewayError => ({
  kind: 'no-gateway',
  code,
  message: '',
  candidates: candidates.map((one) => ({ code: one, location: null, name: null, reason: '' })),
  ...(search
    ? {
        search: {
          interfaces: [],
          unsearched: [],
          defaultRouter: null,
          isRouterSearched: false,
          timeoutMs: 2000,
          late: [],
        },
      }
    : {}),
});

type Tried = AttemptError | readonly [error: AttemptError, changes: Partial<FailedAttempt>];

const notMapped = (code: NotMappedError['code'], ...tried: readonly Tried[]): NotMappedError => ({
  kind: 'not-mapped',
  code,
  message: '',
  unknownLeases: [],
  attempts: tried.map((one) => {
    const [error, changes] = Array.isArray(one)
      ? (one as readonly [AttemptError, Partial<FailedAttempt>])
      : [one as AttemptError, {}];
    return {
      method: 'exact',
      externalPort: 7777,
      leaseSeconds: 3600,
      description: 'Portwright',
      replacing: false,
      delayMs: 0,
      protocol: 'TCP',
      owner: 'unknown',
      error,
      ...changes,
    };
  }),
});

const refused = (...tried: readonly Tried[]) => notMapped('refused', ...tried);

const WAIT: readonly (readonly [string, Problem])[] = [
  ['no network', noGateway('no-network', true)],
  ['no cable', noGateway('no-carrier', true)],
  ['no IPv4 address', noGateway('no-ipv4', true)],
  ['no IPv6 address', noGateway('no-ipv6', true)],
  ['nobody answers', noGateway('no-answer', true)],
  ['somebody answers late', noGateway('late-answer', true)],
  ['other devices answer', noGateway('none-usable', true, 'not-a-gateway', 'not-a-gateway')],
  ['a router whose control URL does not answer', noGateway('none-usable', true, 'no-control')],
  ['the same at a URL', noGateway('none-usable', false, 'no-control')],
  ['refused', transport('refused')],
  ['reset', transport('reset')],
  ['truncated', transport('truncated')],
  ['unreachable', transport('unreachable')],
  ['timeout', transport('timeout')],
  ['no address', transport('no-address')],
  ['no such interface', transport('no-such-interface')],
  ['an error of the system', transport('failed')],
  ['500', transport('http-status', 500)],
  ['503', transport('http-status', 503)],
  ['429', transport('http-status', 429)],
  ['a description that is cut off', malformed('xml')],
  ['no time', notMapped('out-of-time', transport('timeout'))],
  ['no address to lead to', notMapped('no-address')],
  ['no public address', notMapped('double-nat', fault(501))],
  ['501', refused(fault(501))],
  ['a fault without a number', refused(fault(null))],
  ['connection not configured', refused(fault(706))],
  ['a bare 500', refused(transport('http-status', 500))],
  ['no answer', refused(transport('timeout'), transport('timeout'))],
  ['an empty answer', refused(malformed('empty'))],
  ['501, and a permanent lease is refused', refused(fault(501), [fault(402), { leaseSeconds: 0 }])],
  ['725, and then 501', refused(fault(725), [fault(501), { leaseSeconds: 0 }])],
  ['another port, and that is refused with 501', refused(conflict, [fault(501), { externalPort: 9999 }])],
  ['a mapping that was not taken back', notMapped('left-behind', [fault(501), { protocol: 'UDP' }])],
];

const END: readonly (readonly [string, Problem])[] = [
  ['another device at a URL', noGateway('none-usable', false, 'not-a-gateway')],
  ['aborted', transport('aborted')],
  ['another server', transport('not-http')],
  ['too large', transport('too-large')],
  ['compressed', transport('unsupported-encoding')],
  ['not permitted', transport('not-permitted')],
  ['a port of this computer that is taken', transport('address-in-use')],
  ['404', transport('http-status', 404)],
  ['401', transport('http-status', 401)],
  ['a web page', malformed('description')],
  ['a URL that is refused', { kind: 'policy', code: 'host-name', message: '', url: '' }],
  ['a wrong argument', { kind: 'invalid-argument', code: 'out-of-range', message: '', argument: '' }],
  ['wrong use', { kind: 'usage', code: 'bad-value', message: '', hint: '' }],
  ['an internal error', { kind: 'internal', code: 'exception', message: '', hint: '', stack: '' }],
  ['an interruption', notMapped('aborted', fault(501))],
  ['a port of another computer', refused(conflict)],
  ['718', refused(fault(718))],
  ['606', refused(fault(606))],
  ['728', refused(fault(728))],
  ['an unknown code', refused(fault(899))],
  ['not authorized over HTTP', refused(transport('http-status', 401))],
  ['a success that was none', refused(unconfirmed)],
  ['lost, and repeated, and refused', refused(transport('timeout'), fault(606))],
  ['501, and repeated, and refused', refused(fault(501), fault(606))],
  ['501 for TCP, and UDP is another computer’s', refused(fault(501), [conflict, { protocol: 'UDP' }])],
  [
    '501 for TCP at another port, and UDP is another computer’s',
    refused([fault(501), { externalPort: 9999 }], [conflict, { protocol: 'UDP' }]),
  ],
  ['no attempt', refused()],
];

describe('afterFailure', () => {
  it.each(WAIT)('waits: %s', (_name, problem) => {
    expect(waitOrEnd(problem, NOTHING_ELSE)).toBe('wait');
  });

  it.each(END)('ends: %s', (_name, problem) => {
    expect(waitOrEnd(problem, NOTHING_ELSE)).toBe('end');
  });

  it.each([{ isInterrupted: true }, { isTimedOut: true }])('ends: %o', (circumstance) => {
    expect(waitOrEnd(noGateway('no-answer', true), { ...NOTHING_ELSE, ...circumstance })).toBe('end');
  });
});
