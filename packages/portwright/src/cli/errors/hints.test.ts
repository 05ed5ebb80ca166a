/** Every error that a person can meet has a next step, and it names what the command line has. */
import type {
  InvalidArgumentError,
  MalformedError,
  PolicyErrorCode,
  PortwrightError,
  TransportErrorCode,
} from '@portwright/core';
import type { AttemptError, NotMappedError } from '@portwright/core/mapping';
import { transportHints } from '@portwright/core/internal';
import { describe, expect, it } from 'vitest';
import { nextStep } from './hints.ts';
import { formatForCli } from './format-for-cli.ts';

type Codes<Code extends string> = Readonly<Record<Code, true>>;

/** A code that is new in the core is a type error here until it is added. */
const transport: Codes<Exclude<TransportErrorCode, 'aborted'>> = {
  refused: true,
  reset: true,
  truncated: true,
  unreachable: true,
  timeout: true,
  'too-large': true,
  'not-http': true,
  'unsupported-encoding': true,
  'http-status': true,
  'address-in-use': true,
  'no-address': true,
  'no-such-interface': true,
  'not-permitted': true,
  failed: true,
};
const policy: Codes<PolicyErrorCode> = {
  'not-http': true,
  'user-information': true,
  'host-name': true,
  'foreign-host': true,
  'public-address': true,
  'off-link-address': true,
  'bad-url': true,
  'redirect-refused': true,
};
const argument: Codes<InvalidArgumentError['code']> = {
  'out-of-range': true,
  'wrong-type': true,
  'forbidden-characters': true,
  'not-an-address': true,
  'not-a-url': true,
  missing: true,
  'no-such-service': true,
};
const malformed: Codes<MalformedError['code']> = {
  datagram: true,
  xml: true,
  description: true,
  response: true,
  empty: true,
  value: true,
};
/** Names in the specification, and what stands for those that it does not have. */
const faults = [
  ['AddPortMapping', 718, 'ConflictInMappingEntry'],
  ['AddPortMapping', 725, 'OnlyPermanentLeasesSupported'],
  ['AddPortMapping', 724, 'SamePortValuesRequired'],
  ['AddPortMapping', 899, 'Unknown'],
  ['DeletePortMapping', 714, 'NoSuchEntryInArray'],
  ['AddPinhole', 701, 'PinholeSpaceExhausted'],
  ['AddPinhole', 702, 'FirewallDisabled'],
  ['AddPinhole', 703, 'InboundPinholeNotAllowed'],
  ['UpdatePinhole', 704, 'NoSuchEntry'],
] as const;

const message = 'it failed';
const errors: readonly PortwrightError[] = [
  ...codesOf(transport).map((code) => ({ kind: 'transport', code, message }) as const),
  ...codesOf(policy).map((code) => ({ kind: 'policy', code, message, url: 'http://192.0.2.1/' }) as const),
  ...codesOf(argument).map((code) => ({ kind: 'invalid-argument', code, message, argument: 'id' }) as const),
  ...codesOf(malformed).map(
    (code) => ({ kind: 'malformed', code, message, expected: 'x', where: 'y', excerpt: 'z' }) as const,
  ),
  ...faults.map(([action, code, name]) => faultOf(action, code, name)),
];

function codesOf<Code extends string>(codes: Codes<Code>): readonly Code[] {
  return Object.keys(codes) as Code[];
}

function faultOf(action: string, code: number, name: string): Extract<PortwrightError, { kind: 'upnp-fault' }> {
  const service = 'urn:schemas-upnp-org:service:WANIPConnection:1';
  return { kind: 'upnp-fault', service, action, code, name, description: '', message };
}

const entry = {
  externalPort: 7777,
  protocol: 'TCP',
  remoteHost: '',
  internalClient: '192.168.1.77',
  internalPort: 7777,
  enabled: true,
  description: 'another',
  leaseSeconds: 0,
} as const;

function refused(error: AttemptError): NotMappedError {
  const attempt = { method: 'exact', externalPort: 7777, leaseSeconds: 3600, holder: 'other' } as const;
  const attempts = [{ ...attempt, error }] as unknown as NotMappedError['attempts'];
  return { kind: 'not-mapped', code: 'refused', message, attempts, mayStand: [], hint: error.hint };
}

describe('the next step', () => {
  it.each(errors.map((error) => [`${error.kind} ${error.code ?? ''}`, error] as const))('after %s', (_name, error) => {
    const { hint } = formatForCli(error);
    expect(hint).toMatch(/^[A-Z].*\.$/);
    // A library parameter is in camel case.
    expect(hint?.replaceAll(/UPnP|rootDesc/g, '')).not.toMatch(/[a-z][A-Z]/);
  });

  it.each([
    [{ kind: 'held', code: 'foreign', message, entry, hint: 'Let any port do.' }, '--any'],
    [{ kind: 'unconfirmed', code: 'foreign', message, entry }, '--any'],
    [{ kind: 'unconfirmed', code: 'absent', message, entry: null }, 'table may be full'],
    [{ ...faultOf('AddPortMapping', 725, 'OnlyPermanentLeasesSupported'), hint: 'Ask for a lease of 0.' }, '--lease 0'],
    [faultOf('AddPortMapping', 724, 'SamePortValuesRequired'), 'leave out the internal port'],
  ] as const)('after a refused mapping is that of its last attempt: %j', (error, step) => {
    expect(formatForCli(refused(error)).hint).toContain(step);
  });

  it.each(['out-of-time', 'left-behind'] as const)('after a mapping that ended as %s', (code) => {
    expect(nextStep({ kind: 'not-mapped', code, message, attempts: [], mayStand: [] })).toMatch(/^[A-Z].*\.$/);
  });

  it('is none where the person has interrupted it', () => {
    expect(nextStep({ kind: 'transport', code: 'aborted', message })).toBeUndefined();
    expect(nextStep({ kind: 'not-mapped', code: 'aborted', message, attempts: [], mayStand: [] })).toBeUndefined();
  });

  it('is the one that came with the error, where that is about this very case', () => {
    const hint = 'This system has: eth0.';
    expect(nextStep({ kind: 'transport', code: 'no-such-interface', message, hint })).toBe(hint);
    // One that the system has lost: the adapter's hint is for a program.
    const ofProgram = transportHints['no-such-interface'];
    const lost = { kind: 'transport', code: 'no-such-interface', message, hint: ofProgram, cause: 'ENODEV' } as const;
    expect(nextStep(lost)).toBe('The network may have changed. Run the command again.');
  });
});

describe('an argument that the core refuses', () => {
  it('has the name of its option', () => {
    const error = { kind: 'invalid-argument', code: 'out-of-range', argument: 'leaseSeconds' } as const;
    expect(formatForCli({ ...error, message: 'leaseSeconds must be less' }).message).toBe('--lease must be less');
    expect(formatForCli({ ...error, message: 'the leaseSeconds' }).message).toBe('the leaseSeconds');
  });
});
