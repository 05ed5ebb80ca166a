/** The parts of checks of PCP and NAT-PMP that have several: each can be missed by itself. */
import { describe, expect, test } from 'vitest';
import {
  changesNumber,
  controlMutant,
  EXTERNAL_PORT,
  isPlainMap,
  LIFETIME,
  RESULT,
  viewOf,
  withNumber,
} from './control-mutant.ts';
import type { Mutant } from './mutant.ts';
import { checkGateway, resultOf } from './mutant.test-support.ts';

type Hooks = NonNullable<Mutant['hooks']>;

async function missedBy(id: string, hooks: Hooks): Promise<string> {
  const result = resultOf(await checkGateway(controlMutant('', hooks), { only: [id], strict: true }), id);
  return result?.verdict === 'fail' ? `${result.expected}, not ${result.actual}` : (result?.verdict ?? 'none');
}

/** Changes what is announced at a restart. */
function announces(kind: 'pcp' | 'nat-pmp', change: (message: Uint8Array) => Uint8Array): Hooks {
  return () => ({ announcement: (messages, announced) => (announced === kind ? messages.map(change) : messages) });
}

describe('PCP', () => {
  test.each<readonly [id: string, hooks: Hooks, missed: RegExp]>([
    ['pcp/response-header', changesNumber('pcp', 1, 129, ([, opcode]) => opcode === 0), /not version 2, opcode 1/],
    ['pcp/reserved-zero', changesNumber('pcp', 23, 1, ([, opcode]) => opcode === 0), /not 0 and 0{23}1$/],
    ['pcp/unsupported-version', changesNumber('pcp', RESULT, 3, ([version]) => version === 3), /UNSUPP_VERSION.*, not/],
    ['pcp/map', changesNumber('pcp', 24, 255, isPlainMap), /not nonce ff/],
    ['pcp/map', changesNumber('pcp', 36, 6, isPlainMap), /not .* protocol 6,/],
    ['pcp/map', changesNumber('pcp', EXTERNAL_PORT, 0, isPlainMap, 2), /not 5\.5\.5\.1 port 0$/],
    ['pcp/map', changesNumber('pcp', 56, 0, isPlainMap, 4), /not 0\.0\.0\.0 port/],
    [
      'pcp/deletion',
      changesNumber('pcp', LIFETIME, 9, (request) => viewOf(request).isMap && viewOf(request).isDeletion, 4),
      /not lifetime 9$/,
    ],
    [
      'pcp/prefer-failure-granted',
      changesNumber('pcp', EXTERNAL_PORT, 1_024, (request) => viewOf(request).option === 2, 2),
      /not port 1024$/,
    ],
    ['pcp/announcement', announces('pcp', (message) => withNumber(message, RESULT, 7)), /SUCCESS, not 0280/],
    ['pcp/announcement', announces('pcp', (message) => withNumber(message, 1, 129)), /SUCCESS, not 0281/],
    ['pcp/announcement', announces('pcp', (message) => withNumber(message, 8, 9_999, 4)), /not 9999$/],
  ])('%s', async (id, hooks, missed) => {
    expect(await missedBy(id, hooks)).toMatch(missed);
  });

  test('option-optional: it is refused', async () => {
    const hooks = changesNumber('pcp', RESULT, 5, (request) => viewOf(request).option === 230);
    expect(await missedBy('pcp/option-optional', hooks)).toMatch(/^a mapping of port \d+, not result 5/);
  });

  test('renewal: another port', async () => {
    const seen = new Set<string>();
    const hooks = changesNumber(
      'pcp',
      EXTERNAL_PORT,
      (own) => own + 1,
      (request) => {
        const { nonce } = viewOf(request);
        const isAgain = isPlainMap(request) && seen.has(nonce);
        seen.add(nonce);
        return isAgain;
      },
      2,
    );
    expect(await missedBy('pcp/renewal', hooks)).toMatch(/^port \d+, not port \d+$/);
  });
});

describe('NAT-PMP', () => {
  const isMapping = ({ length }: Uint8Array): boolean => length === 12;
  const isAddress = ({ length }: Uint8Array): boolean => length === 2;

  test.each<readonly [id: string, hooks: Hooks, missed: RegExp]>([
    ['nat-pmp/external-address', changesNumber('nat-pmp', 8, 0, isAddress, 4), /not 0\.0\.0\.0 in 12 bytes$/],
    ['nat-pmp/external-address', changesNumber('nat-pmp', 3, 4, isAddress), /^result 0 \(success\), not result 4/],
    ['nat-pmp/response-header', changesNumber('nat-pmp', 1, 129, isAddress), /opcode 129$/],
    ['nat-pmp/unsupported-opcode', changesNumber('nat-pmp', 1, 99, ([, opcode]) => opcode === 99), /^227, not 99$/],
    ['nat-pmp/map', changesNumber('nat-pmp', 1, 1, isMapping), /not 16 bytes, opcode 1,/],
    ['nat-pmp/map', changesNumber('nat-pmp', 10, 0, isMapping, 2), /^an external port, not 0$/],
    ['nat-pmp/deletion', changesNumber('nat-pmp', 8, 1, isMapping, 2), /not internal port 1,/],
    [
      'nat-pmp/deletion',
      changesNumber('nat-pmp', 10, 1, (request) => isMapping(request) && request[11] === 0, 2),
      /external port 1,/,
    ],
    [
      'nat-pmp/announcement',
      announces('nat-pmp', (message) => message.slice(0, 8)),
      /^12 bytes with opcode 128, not 0080/,
    ],
    ['nat-pmp/announcement', announces('nat-pmp', (message) => withNumber(message, 4, 9_999, 4)), /not 9999$/],
  ])('%s', async (id, hooks, missed) => {
    expect(await missedBy(id, hooks)).toMatch(missed);
  });
});
