import { describe, expect, it } from 'vitest';
import type { TransportErrorCode } from '../../errors.ts';
import type { AttemptError, FailedAttempt, Owner, MappingAttempt, MappingDemand } from '../attempts.ts';
import { retryPolicy } from './retry-policy.ts';

const demand: MappingDemand = {
  externalPort: 7777,
  internalPort: 8888,
  leaseSeconds: 3600,
  description: 'a "game"',
  port: 'any',
  otherPorts: [2001, 2002, 2003, 2004, 2005, 2006],
  offersAny: false,
};

function fault(code: number | null): AttemptError {
  return { kind: 'upnp-fault', service: '', action: '', code, name: '', description: '', message: `${code}` };
}

function transport(code: TransportErrorCode, status?: number): AttemptError {
  return { kind: 'transport', code, message: code, status };
}

const unconfirmed: AttemptError = { kind: 'unconfirmed', code: 'absent', message: '', entry: null };
const unlisted: AttemptError = { ...unconfirmed, code: 'unlisted' };
const conflict: AttemptError = {
  kind: 'conflict',
  code: 'foreign',
  message: '',
  entry: {
    externalPort: 7777,
    protocol: 'UDP',
    remoteHost: '',
    internalClient: '192.168.1.66',
    internalPort: 7777,
    enabled: true,
    description: 'theirs',
    leaseSeconds: 0,
  },
};
const empty: AttemptError = { kind: 'malformed', code: 'empty', message: '', expected: '', where: '', excerpt: '' };

/** All that the policy asks for while everything is refused in the same way. */
function attemptsAfter(error: AttemptError, changes: Partial<MappingDemand> = {}, owner: Owner = 'unknown') {
  const failed: FailedAttempt[] = [];
  for (;;) {
    const next = retryPolicy({ ...demand, ...changes }, failed);
    if (next === null) return failed.map(shown);
    failed.push({ ...next, protocol: 'UDP', error, owner });
    if (failed.length > 20) throw new Error('it never ends');
  }
}

/** In short: action, port, lease, and what else is not as it was at first. */
function shown({ method, externalPort, leaseSeconds, description, replacing }: MappingAttempt): string {
  const words = [method, String(externalPort), String(leaseSeconds)];
  if (description !== demand.description) words.push(description);
  if (replacing) words.push('replacing');
  return words.join(' ');
}

const FIRST = 'exact 7777 3600';
const AFTER_A_BARE_FAULT = [FIRST, FIRST, 'exact 2001 3600', 'exact 7777 0'];
const PORTS = [2001, 2002, 2003, 2004, 2005].map((port) => `exact ${port} 3600`);

describe('what is asked for after the same refusal again and again', () => {
  it.each<readonly [string, AttemptError, Owner, readonly string[]]>([
    [
      '402: plain words, then a permanent lease',
      fault(402),
      'unknown',
      [FIRST, 'exact 7777 3600 a game', 'exact 7777 0 a game'],
    ],
    ['725: a permanent lease', fault(725), 'unknown', [FIRST, 'exact 7777 0']],
    [
      '501: the same once more, one other port, a permanent lease, other ports',
      fault(501),
      'unknown',
      [FIRST, FIRST, 'exact 2001 3600', 'exact 7777 0', 'exact 2002 3600', 'exact 2003 3600'],
    ],
    ['718 by another host: other ports', fault(718), 'other', [FIRST, ...PORTS]],
    [
      '718 by nobody: one other port, a permanent lease (Askey), other ports',
      fault(718),
      'nobody',
      [FIRST, 'exact 2001 3600', 'exact 7777 0', ...PORTS.slice(1, 4)],
    ],
    [
      '718 by itself: delete, and once more',
      fault(718),
      'own',
      [
        FIRST,
        'exact 7777 3600 replacing',
        ...PORTS.slice(0, 1),
        'exact 2001 3600 replacing',
        ...PORTS.slice(1, 2),
        'exact 2002 3600 replacing',
      ],
    ],
    ['729: other ports', fault(729), 'unknown', [FIRST, ...PORTS]],
    ['724: the internal port', fault(724), 'unknown', [FIRST, 'exact 8888 3600']],
    ...[-911, 605, 601].map(
      (code) =>
        [
          `${code}: plain words, then the default description`,
          fault(code),
          'unknown',
          [FIRST, 'exact 7777 3600 a game', 'exact 7777 3600 Portwright'],
        ] as const,
    ),
    ['no code: once more, one other port, a permanent lease', fault(null), 'unknown', AFTER_A_BARE_FAULT],
    ['HTTP 500: the same', transport('http-status', 500), 'unknown', AFTER_A_BARE_FAULT],
    ['HTTP 503: the same', transport('http-status', 503), 'unknown', AFTER_A_BARE_FAULT],
    ['an answer that was lost: the same once more', transport('reset'), 'nobody', [FIRST, FIRST]],
    ['an empty answer: the same once more', empty, 'nobody', [FIRST, FIRST]],
    ['a success that was none: other ports', unconfirmed, 'nobody', [FIRST, ...PORTS]],
    ['a success that the table can not show: one other port', unlisted, 'nobody', [FIRST, 'exact 2001 3600']],
  ])('%s', (_name, error, owner, expected) => {
    expect(attemptsAfter(error, {}, owner)).toEqual(expected);
  });

  it.each<readonly [string, AttemptError]>([
    ['606: it is not allowed', fault(606)],
    ['726', fault(726)],
    ['727: port 0 is never sent', fault(727)],
    ['728: it is full', fault(728)],
    ['a code of nobody’s', fault(899)],
    ['401 for the plain action', fault(401)],
    ['HTTP 401', transport('http-status', 401)],
    ['HTTP 499', transport('http-status', 499)],
    ['HTTP 403', transport('http-status', 403)],
    ['an abort', transport('aborted')],
  ])('nothing after %s', (_name, error) => {
    expect(attemptsAfter(error)).toEqual([FIRST]);
  });
});

describe('with the exact port', () => {
  it.each<readonly [string, AttemptError, readonly string[]]>([
    ['718', fault(718), [FIRST, 'exact 7777 0']],
    ['729', fault(729), [FIRST]],
    ['724', fault(724), [FIRST]],
    ['501', fault(501), [FIRST, FIRST, 'exact 7777 0']],
    ['a bare 500', transport('http-status', 500), [FIRST, FIRST, 'exact 7777 0']],
    ['a success that the table can not show', unlisted, [FIRST]],
  ])('%s leaves the port alone', (_name, error, expected) => {
    expect(attemptsAfter(error, { port: 'exact' })).toEqual(expected);
  });
});

it('asks for a finite lease where a permanent one is refused with 402', () => {
  expect(attemptsAfter(fault(402), { leaseSeconds: 0, description: 'plain' })).toEqual([
    'exact 7777 0 plain',
    'exact 7777 604800 plain',
  ]);
});

it('leaves the port to a version 2 gateway, and falls back where the action is missing', () => {
  for (const code of [401, 602]) {
    expect(attemptsAfter(fault(code), { offersAny: true })).toEqual(['any 7777 3600', FIRST]);
  }
  expect(attemptsAfter(fault(606), { offersAny: true, port: 'exact' })).toEqual([FIRST]);
});

it('asks no action for a port that another host holds', () => {
  const others = ['any 2001 3600', 'any 2002 3600', 'any 2003 3600', 'any 2004 3600', 'any 2005 3600'];
  expect(attemptsAfter(conflict, { offersAny: true }, 'other')).toEqual(['any 7777 3600', ...others]);
  const failed: FailedAttempt[] = [];
  // On version 1 it is known only after the first refusal that the action is there.
  for (const offersAny of [false, true, true]) {
    const next = retryPolicy({ ...demand, offersAny }, failed);
    if (next !== null) failed.push({ ...next, protocol: 'UDP', error: conflict, owner: 'other' });
  }
  expect(failed.map(shown)).toEqual([FIRST, 'any 2001 3600', 'any 2002 3600']);
});

it('climbs on from where it stands: another port, with the lease that the first refusal has taught', () => {
  const failed: FailedAttempt[] = [];
  const after = (error: AttemptError, owner: Owner = 'unknown'): string => {
    const next = retryPolicy(demand, failed);
    if (next === null) return 'nothing';
    failed.push({ ...next, protocol: 'UDP', error, owner });
    return shown(next);
  };
  expect([after(fault(725)), after(fault(718), 'other'), after(fault(724)), after(fault(606)), after(empty)]).toEqual([
    FIRST,
    'exact 7777 0',
    'exact 2001 0',
    'exact 8888 0',
    'nothing',
  ]);
});

it.each([402, 601, 605])(
  'shortens what may be too long after %i: the lease to a week, the description to 32',
  (code) => {
    const long = {
      leaseSeconds: 700_000,
      description: `${'a long name of a game '.repeat(3)}(build 1)`,
      port: 'exact',
    } as const;
    const tried = attemptsAfter(fault(code), long);
    expect(tried.some((one) => one.startsWith('exact 7777 604800'))).toBe(true);
    expect(tried.some((one) => one.endsWith('a long name of a game a long nam'))).toBe(true);
  },
);

it.each<readonly [string, AttemptError, Owner, readonly number[]]>([
  ['501', fault(501), 'unknown', [0, 500, 0, 0, 0, 0]],
  ['a lost answer', empty, 'nobody', [0, 500]],
  ['725', fault(725), 'unknown', [0, 0]],
])('waits half a second before the same request after %s', (_name, error, owner, delays) => {
  const failed: FailedAttempt[] = [];
  for (let next = retryPolicy(demand, failed); next !== null; next = retryPolicy(demand, failed)) {
    failed.push({ ...next, protocol: 'UDP', error, owner });
  }
  expect(failed.map(({ delayMs }) => delayMs)).toEqual(delays);
});

describe('a description', () => {
  it.each<readonly [string, number, string, readonly string[]]>([
    ['of quotes alone becomes the default', 402, '"""', ['"""', 'Portwright', 'Portwright']],
    ['keeps words, dots, dashes and spaces', 402, 'v1.2 my_game-x', ['v1.2 my_game-x', 'v1.2 my_game-x']],
    ['loses the spaces at its ends with the quotes', 605, '"a" b"', ['"a" b"', 'a b', 'Portwright']],
    ['loses the space after a quote', 605, '" a', ['" a', 'a', 'Portwright']],
    [
      'loses the space at which it is cut',
      605,
      `${'x'.repeat(31)} y`,
      [`${'x'.repeat(31)} y`, 'x'.repeat(31), 'Portwright'],
    ],
    ['of 32 characters is not too long', 605, 'x'.repeat(32), ['x'.repeat(32), 'Portwright']],
    ['of 33 characters may be', 605, 'x'.repeat(33), ['x'.repeat(33), 'x'.repeat(32), 'Portwright']],
    ['by default is asked for once', 601, 'Portwright', ['Portwright']],
    ['by default is asked for once, after -911 too', -911, 'Portwright', ['Portwright']],
  ])('%s', (_what, code, description, expected) => {
    const failed: FailedAttempt[] = [];
    const wanted = { ...demand, description };
    for (let next = retryPolicy(wanted, failed); next !== null; next = retryPolicy(wanted, failed)) {
      failed.push({ ...next, protocol: 'UDP', error: fault(code), owner: 'unknown' });
    }
    expect(failed.map((one) => one.description)).toEqual(expected);
  });
});

describe('a lease', () => {
  const leases = (code: number, leaseSeconds: number): readonly number[] => {
    const wanted = { ...demand, leaseSeconds, description: 'Portwright' };
    const failed: FailedAttempt[] = [];
    for (let next = retryPolicy(wanted, failed); next !== null; next = retryPolicy(wanted, failed)) {
      failed.push({ ...next, protocol: 'UDP', error: fault(code), owner: 'unknown' });
    }
    return failed.map((one) => one.leaseSeconds);
  };

  it.each([
    ['of more than a week becomes a week, then permanent', 402, 604_801, [604_801, 604_800, 0]],
    ['of a week becomes permanent', 402, 604_800, [604_800, 0]],
    ['that is permanent becomes a week', 402, 0, [0, 604_800]],
    ['that is permanent stays so after 725', 725, 0, [0]],
    ['of more than a week becomes a week after 605', 605, 604_801, [604_801, 604_800]],
    ['of an hour stays so after 605', 605, 3_600, [3_600]],
  ])('%s', (_what, code, leaseSeconds, expected) => {
    expect(leases(code, leaseSeconds)).toEqual(expected);
  });
});

it('a change that has made no difference is undone, and one that has is kept, with another port', () => {
  const failed: FailedAttempt[] = [];
  const wanted = { ...demand, description: 'Portwright' };
  const next = (error: AttemptError, owner: Owner): string => {
    const attempt = retryPolicy(wanted, failed);
    if (attempt === null) return 'nothing';
    failed.push({ ...attempt, protocol: 'UDP', error, owner });
    return `${attempt.externalPort} ${attempt.leaseSeconds}`;
  };
  // Nobody's conflict: one other port, a permanent lease, and then other ports with the lease as it was.
  expect([1, 2, 3, 4].map(() => next(fault(718), 'nobody'))).toEqual(['7777 3600', '2001 3600', '7777 0', '2002 3600']);
  failed.length = 0;
  // The permanent lease is what the router wants; the port is another host's.
  expect([next(fault(725), 'nobody'), next(fault(718), 'other'), next(fault(718), 'other')]).toEqual([
    '7777 3600',
    '7777 0',
    '2001 0',
  ]);
});

it.each<readonly [string, AttemptError]>([
  ['a wrong argument', { kind: 'invalid-argument', code: 'missing', argument: 'x', message: '', hint: '' }],
  ['an HTTP status that is unknown', transport('http-status')],
])('nothing follows %s', (_what, error) => {
  expect(attemptsAfter(error)).toEqual([FIRST]);
});

it('a port that was tried is not tried again', () => {
  expect(attemptsAfter(fault(729), { otherPorts: [7777, 2001, 2001, 2002] })).toEqual([
    FIRST,
    'exact 2001 3600',
    'exact 2002 3600',
  ]);
});

it('the action of version 2 is used again for another port only if all was asked for by the plain one', () => {
  const failed: FailedAttempt[] = [];
  for (const [error, offersAny] of [
    [fault(718), true],
    [fault(602), true],
    [fault(718), true],
    [fault(718), true],
  ] as const) {
    const next = retryPolicy({ ...demand, offersAny }, failed);
    if (next !== null) failed.push({ ...next, protocol: 'UDP', error, owner: 'other' });
  }
  expect(failed.map(({ method, externalPort }) => `${method} ${externalPort}`)).toEqual([
    'any 7777',
    'any 2001',
    'exact 2001',
    'exact 2002',
  ]);
});

it('a refusal that may pass is followed by the same request, also after another refusal', () => {
  const failed: FailedAttempt[] = [];
  for (const error of [fault(725), fault(501), fault(501)]) {
    const next = retryPolicy(demand, failed);
    if (next !== null) failed.push({ ...next, protocol: 'UDP', error, owner: 'nobody' });
  }
  expect(failed.map(shown)).toEqual([FIRST, 'exact 7777 0', 'exact 7777 0']);
});

it('the lease is made permanent on the port that was refused so, and not on one that another host has', () => {
  const failed: FailedAttempt[] = [];
  const wanted = { ...demand, otherPorts: [2001] };
  for (const error of [conflict, { ...unconfirmed, code: 'foreign', entry: conflict.entry }, unconfirmed] as const) {
    const next = retryPolicy(wanted, failed);
    if (next !== null) failed.push({ ...next, protocol: 'UDP', error, owner: 'other' });
  }
  expect(failed.map(shown)).toEqual([FIRST, 'exact 2001 3600', 'exact 2001 0']);
});

it.each([
  ['demand', null, []],
  ['failed', demand, null],
])('a wrong %s is a mistake of the program', (argument, wanted, failed) => {
  expect(() => retryPolicy(wanted as never, failed as never)).toThrow(argument);
});
