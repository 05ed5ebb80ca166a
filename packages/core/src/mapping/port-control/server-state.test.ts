/** What is known of a server from its answers. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '@portwright/transport-mock';
import { NAT_PMP } from '../nat-pmp/protocol.ts';
import { PCP } from '../pcp/protocol.ts';
import type { PortControl } from './port-control.ts';
import { ServerState } from './server-state.ts';

function stateOf(protocol: PortControl = PCP): { readonly state: ServerState; readonly told: string[] } {
  const state = new ServerState(protocol, seededRandom(1));
  const told: string[] = [];
  state.changes.on((change) => {
    told.push(change.kind === 'restarted' ? change.kind : String(change.state.externalAddress));
  });
  return { state, told };
}

function present(epochSeconds: number, externalAddress?: string | null) {
  return { kind: 'present', epochSeconds, ...(externalAddress === undefined ? {} : { externalAddress }) } as const;
}

describe('the epoch', () => {
  it.each([
    ['goes on', PCP, 1_000, 1_060, 60_000, false],
    ['began anew', PCP, 1_000, 10, 60_000, true],
    ['is behind, since the router was off for an hour', PCP, 1_000, 1_060, 3_660_000, true],
    ['is ahead', PCP, 1_000, 2_000, 60_000, true],
    ['is of a reordered answer', PCP, 1_000, 999, 0, false],
    ['goes on', NAT_PMP, 1_000, 1_060, 60_000, false],
    ['began anew', NAT_PMP, 1_000, 10, 60_000, true],
    ['is ahead, which proves nothing', NAT_PMP, 1_000, 2_000, 60_000, false],
    ['lags by an eighth', NAT_PMP, 1_000, 1_700, 800_000, false],
    ['lags by more', NAT_PMP, 1_000, 1_690, 800_000, true],
  ] as const)('%s', (_how, protocol, first, second, ms, isLost) => {
    const { state, told } = stateOf(protocol);
    const { run } = state;
    state.hear(present(first), 0);
    expect(told).toEqual([]);
    state.hear(present(second), ms);
    expect([told.length === 1, state.hasLost(run), state.run === run]).toEqual([isLost, isLost, !isLost]);
  });

  it('of each answer is the one to compare with: a server that stays slow is not one that restarts each time', () => {
    const { state, told } = stateOf();
    state.hear(present(1_000), 0);
    state.hear(present(10), 60_000);
    state.hear(present(70), 120_000);
    expect(told).toEqual(['restarted']);
  });

  it('of a refusal counts as well; an answer without one tells nothing', () => {
    const { state, told } = stateOf();
    state.hear(present(1_000), 0);
    state.hear({ kind: 'refused', epochSeconds: null, resultCode: 2, lifetimeSeconds: 0 }, 60_000);
    state.hear({ kind: 'other-version', version: 0 }, 60_000);
    expect(told).toEqual([]);
    state.hear({ kind: 'refused', epochSeconds: 1, resultCode: 8, lifetimeSeconds: 0 }, 60_000);
    expect(told).toEqual(['restarted']);
  });

  it('a run that another mapper knew is not lost, however often this server restarts', () => {
    const { state } = stateOf();
    state.hear(present(1_000), 0);
    state.hear(present(1), 60_000);
    expect([state.hasLost(-1), state.hasLost(0), state.hasLost(state.run)]).toEqual([false, false, false]);
    expect(new ServerState(PCP, seededRandom(2)).hasLost(state.run)).toBe(false);
  });
});

describe('the external address', () => {
  it('is told when it changes, with its class, and not at first', () => {
    const { state, told } = stateOf(NAT_PMP);
    expect([state.state, state.suggestedAddress]).toEqual([null, null]);
    state.hear(present(1, '203.0.113.9'), 0);
    state.hear(present(2, '203.0.113.9'), 1_000);
    state.hear(present(3), 2_000);
    expect(told).toEqual([]);
    state.hear(present(4, '192.168.7.2'), 3_000);
    expect(told).toEqual(['192.168.7.2']);
    expect(state.state).toEqual({ externalAddress: '192.168.7.2', externalAddressClass: 'private' });
    state.hear(present(5, null), 4_000);
    expect(state.state).toEqual({ externalAddress: null, externalAddressClass: 'invalid' });
  });

  it('is suggested until the server has restarted: then it may be another one', () => {
    const { state } = stateOf();
    state.hear(present(1_000, '203.0.113.9'), 0);
    expect(state.suggestedAddress).toBe('203.0.113.9');
    state.hear(present(1), 60_000);
    expect(state.suggestedAddress).toBe(null);
  });
});

describe('a refusal', () => {
  it('counts for the same request, as long as it lasts', () => {
    const { state } = stateOf();
    const error = PCP.refusalOf(2, 0);
    state.noteRefusal('one', error, 1_000);
    expect(state.refusalFor('one', 1_000)).toBe(error);
    expect(state.refusalFor('one', 1_800_999)).toBe(error);
    expect(state.refusalFor('one', 1_801_000)).toBe(null);
    expect(state.refusalFor('other', 1_000)).toBe(null);
  });

  it('is forgotten with the run, and when it is said so', () => {
    const { state } = stateOf();
    const note = (): void => {
      state.noteRefusal('one', PCP.refusalOf(2, 0), 0);
    };
    note();
    state.forgetRefusals();
    expect(state.refusalFor('one', 1)).toBe(null);
    note();
    state.hear(present(1_000), 0);
    state.hear(present(1), 60_000);
    expect(state.refusalFor('one', 60_000)).toBe(null);
  });

  it('the last 64 are remembered', () => {
    const { state } = stateOf();
    for (let at = 0; at < 65; at += 1) state.noteRefusal(String(at), PCP.refusalOf(2, 0), 0);
    expect(['0', '1', '64'].map((one) => state.refusalFor(one, 1) === null)).toEqual([true, false, false]);
  });
});
