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
  'low-port': true,
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
  const attempt = { method: 'exact', externalPort: 7777, leaseSeconds: 3600, owner: 'other' } as const;
  const earlier: AttemptError = faultOf('AddPortMapping', 501, 'ActionFailed');
  const attempts = [
    { ...attempt, error: earlier },
    { ...attempt, error },
  ] as unknown as NotMappedError['attempts'];
  return { kind: 'not-mapped', code: 'refused', message, attempts, unknownLeases: [], hint: error.hint };
}

describe('the next step', () => {
  it.each(errors.map((error) => [`${error.kind} ${error.code ?? ''}`, error] as const))('after %s', (_name, error) => {
    const { hint } = formatForCli(error);
    expect(hint).toMatch(/^[A-Z].*\.$/);
    // A library parameter is in camel case.
    expect(hint?.replaceAll(/UPnP|rootDesc/g, '')).not.toMatch(/[a-z][A-Z]/);
  });

  it.each([
    [{ kind: 'conflict', code: 'foreign', message, entry, hint: 'Let any port do.' }, '--any'],
    [{ kind: 'unconfirmed', code: 'foreign', message, entry }, '--any'],
    [{ kind: 'unconfirmed', code: 'absent', message, entry: null }, 'table may be full'],
    [{ kind: 'unconfirmed', code: 'absent', message, entry: null, hint: 'Look at the list.' }, 'Look at the list.'],
    [{ ...faultOf('AddPortMapping', 725, 'OnlyPermanentLeasesSupported'), hint: 'Ask for a lease of 0.' }, '--lease 0'],
    [faultOf('AddPortMapping', 724, 'SamePortValuesRequired'), 'leave out the internal port'],
  ] as const)('after a refused mapping is that of its last attempt: %j', (error, step) => {
    expect(formatForCli(refused(error)).hint).toContain(step);
  });

  it.each<readonly [TransportErrorCode, string]>([
    ['refused', 'Run the command again'],
    ['reset', 'Run the command again'],
    ['truncated', 'Run the command again'],
    ['unreachable', 'network connection'],
    ['timeout', 'Run the command again'],
    ['too-large', 'Another program may answer'],
    ['not-http', 'Another program may answer'],
    ['unsupported-encoding', 'Another program may answer'],
    ['http-status', 'UPnP is turned on'],
    ['address-in-use', 'Stop that program'],
    ['no-address', 'with IPv4 and IPv6'],
    ['no-such-interface', 'Run the command again'],
    ['not-permitted', 'firewall'],
    ['failed', 'network connection'],
  ])('after the transport error %s: %s', (code, words) => {
    expect(nextStep({ kind: 'transport', code, message })).toContain(words);
  });

  it.each<readonly [PolicyErrorCode, string]>([
    ['not-http', 'starts with http://'],
    ['user-information', 'Remove the user name'],
    ['host-name', 'an IP address'],
    ['foreign-host', 'Update its firmware'],
    ['public-address', 'on the local network'],
    ['off-link-address', 'on the local network'],
    ['bad-url', 'discover command'],
    ['redirect-refused', 'the router redirects to'],
  ])('after a URL that is refused as %s: %s', (code, words) => {
    // The core's hint is for a program.
    const hint = 'Call it with another URL.';
    expect(nextStep({ kind: 'policy', code, message, url: 'http://192.0.2.1/', hint })).toContain(words);
  });

  it.each<readonly [InvalidArgumentError['code'], string]>([
    ['out-of-range', '--help'],
    ['wrong-type', '--help'],
    ['forbidden-characters', 'line breaks'],
    ['not-an-address', '--help'],
    ['not-a-url', 'starts with http://'],
    ['missing', 'the options of the command'],
    ['no-such-service', 'does not offer this'],
  ])('after an argument that is refused as %s: %s', (code, words) => {
    const error = { kind: 'invalid-argument', code, message, argument: 'id' } as const;
    expect(nextStep(error)).toContain(words);
    expect(nextStep({ ...error, hint: 'Pass an id.' })).toBe('Pass an id.');
  });

  it.each([
    ['AddPortMapping', 601, 'ArgumentValueOutOfRange', '--lease'],
    ['AddPortMapping', 605, 'StringArgumentTooLong', '--description'],
    ['AddPortMapping', 718, 'ConflictInMappingEntry', '--any'],
    ['AddPortMapping', 724, 'SamePortValuesRequired', 'leave out the internal port'],
    ['AddPortMapping', 725, 'OnlyPermanentLeasesSupported', '--lease 0'],
    ['AddPortMapping', 729, 'ConflictWithOtherMechanisms', '--any'],
    ['DeletePortMapping', 714, 'NoSuchEntryInArray', 'list command'],
    ['DeletePortMappingRange', 730, 'PortMappingNotFound', 'list command'],
    ['AddPinhole', 701, 'PinholeSpaceExhausted', 'pinhole delete'],
    ['AddPinhole', 702, 'FirewallDisabled', 'no pinhole is needed'],
    ['AddPinhole', 703, 'InboundPinholeNotAllowed', 'Allow IPv6 pinholes'],
    ['UpdatePinhole', 704, 'NoSuchEntry', 'pinhole add'],
    ['AddPinhole', 705, 'ProtocolNotSupported', '--protocol'],
  ] as const)('after the UPnP error of %s with the code %d, %s: %s', (action, code, name, words) => {
    // The core's hint is for a program.
    expect(nextStep({ ...faultOf(action, code, name), hint: 'Call it otherwise.' })).toContain(words);
  });

  it('after a UPnP error that the command line has no words for is that of the core, or a general one', () => {
    const fault = faultOf('AddPortMapping', 501, 'ActionFailed');
    expect(nextStep({ ...fault, hint: 'Try again.' })).toBe('Try again.');
    expect(nextStep(fault)).toContain("the router's own web page");
  });

  it('after malformed data is that of the core, or a general one', () => {
    const error = { kind: 'malformed', code: 'xml', message, expected: 'x', where: 'y', excerpt: 'z' } as const;
    expect(nextStep({ ...error, hint: 'Update the router.' })).toBe('Update the router.');
    expect(nextStep(error)).toContain('Run the command again');
  });

  it('after an error that only the command line has is the one that came with it', () => {
    expect(nextStep({ kind: 'file', code: 'ENOENT', message, hint: 'Check the path.' })).toBe('Check the path.');
  });

  it.each<readonly [NotMappedError['code'], string]>([
    ['refused', 'Look at the router.'],
    ['double-nat', 'Look at the router.'],
    ['no-address', 'Look at the router.'],
    ['out-of-time', 'answers slowly'],
    ['left-behind', 'unmap command'],
  ])('after a mapping that ended as %s, without an attempt: %s', (code, words) => {
    const hint = 'Look at the router.';
    expect(nextStep({ kind: 'not-mapped', code, message, attempts: [], unknownLeases: [], hint })).toContain(words);
  });

  it('is none where the person has interrupted it', () => {
    expect(nextStep({ kind: 'transport', code: 'aborted', message })).toBeUndefined();
    const hint = 'Try again.';
    expect(
      nextStep({ kind: 'not-mapped', code: 'aborted', message, attempts: [], unknownLeases: [], hint }),
    ).toBeUndefined();
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
    expect(formatForCli({ ...error, message: 'the leaseSeconds are too many' }).message).toContain('the leaseSeconds');
    expect(formatForCli({ ...error, message: 'leaseSecondsOf(x) is too much' }).message).toContain('leaseSecondsOf');
  });

  it.each([
    ['description', '--description'],
    ['externalPort', 'the port'],
    ['id', 'the id'],
    ['interface', '--interface'],
    ['internalPort', 'the internal port'],
    ['leaseSeconds', '--lease'],
    ['protocol', '--protocol'],
    ['remoteHost', '--remote'],
    ['remotePort', 'the port in --remote'],
    ['timeoutMs', '--timeout'],
    ['another', 'another'],
  ])('%s is %s', (argument, name) => {
    const error = { kind: 'invalid-argument', code: 'out-of-range', argument } as const;
    expect(formatForCli({ ...error, message: `${argument} must be less` }).message).toBe(`${name} must be less`);
  });
});
