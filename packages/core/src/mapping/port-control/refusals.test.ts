/** Each result code of both protocols: what it is, how long it lasts, what to do. */
import { describe, expect, it } from 'vitest';
import { NAT_PMP } from '../nat-pmp/protocol.ts';
import { PCP } from '../pcp/protocol.ts';

describe('PCP', () => {
  it.each([
    [1, 'unsupported-version', 1800, 'PCP 1 UNSUPP_VERSION'],
    [2, 'not-authorized', 1800, 'PCP 2 NOT_AUTHORIZED'],
    [3, 'not-understood', 1800, 'PCP 3 MALFORMED_REQUEST'],
    [4, 'unsupported', 1800, 'PCP 4 UNSUPP_OPCODE'],
    [5, 'unsupported-option', 1800, 'PCP 5 UNSUPP_OPTION'],
    [6, 'not-understood', 1800, 'PCP 6 MALFORMED_OPTION'],
    [7, 'network-failure', 30, 'PCP 7 NETWORK_FAILURE'],
    [8, 'no-resources', 30, 'PCP 8 NO_RESOURCES'],
    [9, 'unsupported', 1800, 'PCP 9 UNSUPP_PROTOCOL'],
    [10, 'quota', 30, 'PCP 10 USER_EX_QUOTA'],
    [11, 'port-not-available', 30, 'PCP 11 CANNOT_PROVIDE_EXTERNAL'],
    [12, 'address-mismatch', 1800, 'PCP 12 ADDRESS_MISMATCH'],
    [13, 'unknown', 1800, 'PCP 13 EXCESSIVE_REMOTE_PEERS'],
    [14, 'unknown', 30, 'PCP 14 unknown'],
    [255, 'unknown', 30, 'PCP 255 unknown'],
  ])('%s is %s, for %s s if the server does not say', (resultCode, code, retryInSeconds, name) => {
    const error = PCP.refusalOf(resultCode, 0);
    expect(error).toMatchObject({ kind: 'refusal', via: 'pcp', resultCode, code, retryInSeconds });
    expect(error.message).toContain(`(${name})`);
    expect(error.hint).toMatch(/^[A-Z].*\.$/);
  });

  it('lasts as long as the server says', () => {
    expect(PCP.refusalOf(8, 90).retryInSeconds).toBe(90);
  });
});

describe('NAT-PMP', () => {
  it.each([
    [1, 'unsupported-version', 1800, 'NAT-PMP 1 UNSUPP_VERSION'],
    [2, 'not-authorized', 1800, 'NAT-PMP 2 NOT_AUTHORIZED'],
    [3, 'network-failure', 30, 'NAT-PMP 3 NETWORK_FAILURE'],
    [4, 'no-resources', 30, 'NAT-PMP 4 NO_RESOURCES'],
    [5, 'unsupported', 1800, 'NAT-PMP 5 UNSUPP_OPCODE'],
    [6, 'unknown', 30, 'NAT-PMP 6 unknown'],
  ])('%s is %s, for %s s', (resultCode, code, retryInSeconds, name) => {
    const error = NAT_PMP.refusalOf(resultCode, 0);
    expect(error).toMatchObject({ kind: 'refusal', via: 'nat-pmp', resultCode, code, retryInSeconds });
    expect(error.message).toContain(`(${name})`);
  });
});

it('the hint of a forbidden port says what to allow', () => {
  expect(PCP.refusalOf(2, 0).hint).toContain('Allow this device to open ports');
});
