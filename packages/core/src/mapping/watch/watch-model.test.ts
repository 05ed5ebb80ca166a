import { describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../client/connection-state.ts';
import type { NotifyAlive } from '../../ssdp/message.ts';
import { WatchModel, type PollContext } from './watch-model.ts';

const DEVICE = { udn: 'uuid:1', location: 'http://192.168.1.1:5000/' };
const MOVED = 'http://192.168.1.1:6000/';
const POLL_MS = 120_000;

function stateOf(uptimeSeconds: number | null, changes: Partial<ConnectionState> = {}): ConnectionState {
  return {
    status: 'Connected',
    connected: true,
    uptimeSeconds,
    lastError: null,
    externalAddress: '5.5.5.1',
    externalAddressClass: 'public',
    errors: [],
    ...changes,
  };
}

const UNREACHABLE = { kind: 'transport', code: 'unreachable', message: 'nothing answers' } as const;
const UNANSWERED: ConnectionState = {
  ...stateOf(null),
  status: null,
  connected: false,
  externalAddress: null,
  externalAddressClass: 'invalid',
  errors: [UNREACHABLE, UNREACHABLE],
};

function alive(bootId: number | null, location = DEVICE.location): NotifyAlive {
  const { udn } = DEVICE;
  return {
    kind: 'alive',
    host: null,
    target: 'upnp:rootdevice',
    usn: `${udn}::upnp:rootdevice`,
    location,
    maxAgeSeconds: 1800,
    server: null,
    bootId,
    configId: 1,
    searchPort: null,
  };
}

function poll(
  model: WatchModel,
  answer: ConnectionState,
  at: number,
  context: Partial<PollContext> = {},
): readonly string[] {
  const changes = model.addPoll(answer, {
    ...model.beginPoll(at),
    now: at,
    source: 'poll',
    hasEvents: false,
    isAnswered: answer !== UNANSWERED,
    ...context,
  });
  return changes.map(({ kind, source }) => `${source} ${kind}`);
}

describe('polls', () => {
  it('begin at once without a state, and read the uptime twice', () => {
    const model = new WatchModel(DEVICE, POLL_MS, null, 500);
    expect(model.dueTimes).toEqual({ poll: 500, probe: Infinity, verify: Infinity, report: Infinity });
    expect(poll(model, stateOf(100), 500)).toEqual([]);
    expect(model.dueTimes.poll).toBe(10_500);
    expect(poll(model, stateOf(110), 10_500)).toEqual([]);
    expect(model.dueTimes.poll).toBe(130_500);
    poll(model, stateOf(230), 130_500, { hasEvents: true });
    expect(model.dueTimes.poll).toBe(730_500);
  });

  it('begin ten seconds after a state with an uptime, and later after one without', () => {
    expect(new WatchModel(DEVICE, POLL_MS, stateOf(5), 0).dueTimes.poll).toBe(10_000);
    expect(new WatchModel(DEVICE, POLL_MS, stateOf(null), 0).dueTimes.poll).toBe(POLL_MS);
    expect(new WatchModel(DEVICE, POLL_MS, stateOf(5, { connected: false }), 0).dueTimes.poll).toBe(POLL_MS);
  });

  it('show a restart, by the source that led to the poll', () => {
    const model = new WatchModel(DEVICE, POLL_MS, stateOf(1000), 0);
    expect(poll(model, stateOf(5), 10_000, { source: 'announcement' })).toEqual([]);
    expect(model.dueTimes.report).toBe(10_000);
    expect(model.takeRestart(10_000)).toEqual({ kind: 'restarted', source: 'announcement' });
    expect(model.takeRestart(10_000)).toBeNull();
    expect(model.dueTimes.report).toBe(Infinity);
    // The uptime of the run before is forgotten.
    expect(poll(model, stateOf(2), 20_000)).toEqual([]);
    expect(model.dueTimes).toMatchObject({ report: Infinity, poll: 30_000 });
  });

  it('do not count if an event came meanwhile', () => {
    const model = new WatchModel(DEVICE, POLL_MS, stateOf(1000), 0);
    const { stateBefore } = model.beginPoll(10_000);
    const changes = model.addEvent(new Map([['ExternalIPAddress', '5.5.5.9']]));
    expect(changes).toEqual([{ kind: 'externalAddress', address: '5.5.5.9', addressClass: 'public', source: 'event' }]);
    expect(poll(model, stateOf(1010), 10_000, { stateBefore })).toEqual([]);
    expect(model.state?.externalAddress).toBe('5.5.5.9');
    expect(model.dueTimes.poll).toBe(-Infinity);
  });

  it('that are wanted during a poll follow it', () => {
    const model = new WatchModel(DEVICE, POLL_MS, stateOf(1000), 0);
    const start = model.beginPoll(10_000);
    expect(model.dueTimes.poll).toBe(Infinity);
    model.pollNow();
    model.addPoll(stateOf(1010), { ...start, now: 10_100, source: 'poll', hasEvents: false, isAnswered: true });
    expect(model.dueTimes.poll).toBe(-Infinity);
    const next = model.beginPoll(10_200);
    model.pollNow();
    model.addPoll(UNANSWERED, { ...next, now: 15_000, source: 'poll', hasEvents: false, isAnswered: false });
    expect(model.dueTimes.poll).toBe(-Infinity);
  });

  it('that are missed twice show that the gateway is gone, and one that is answered that it has restarted', () => {
    const model = new WatchModel(DEVICE, POLL_MS, stateOf(null), 0);
    expect(poll(model, UNANSWERED, 1_000)).toEqual([]);
    expect(model.dueTimes.poll).toBe(6_000);
    expect(poll(model, UNANSWERED, 6_000)).toEqual(['poll gone']);
    expect(model.dueTimes.poll).toBe(126_000);
    expect(model.state).toEqual(stateOf(null));
    expect(poll(model, stateOf(null), 126_000)).toEqual([]);
    expect(model.takeRestart(126_000)).toEqual({ kind: 'restarted', source: 'poll' });
  });
});

describe('announcements', () => {
  it('are checked: a BOOTID with less and less haste, a LOCATION every five seconds', () => {
    const model = new WatchModel(DEVICE, POLL_MS, stateOf(1000), 0);
    expect(model.addAnnouncement(alive(1), 0)).toBe(true);
    expect(model.dueTimes.verify).toBe(-Infinity);
    model.endVerification(0, true);
    expect(model.addAnnouncement(alive(1), 1_000)).toBe(false);
    expect(model.addAnnouncement(alive(2, MOVED), 1_000)).toBe(true);
    expect(model.dueTimes).toMatchObject({ probe: -Infinity, verify: 5_000 });
    expect(model.announcedLocation).toBe(MOVED);
    model.beginProbe(1_000);
    expect(model.dueTimes.probe).toBe(6_000);
    expect(model.endProbe(true, null, 1_100)).toEqual([]);
    expect([model.dueTimes.probe, model.announcedLocation]).toEqual([Infinity, null]);
    // The gateway did not answer: the claim stays.
    model.endVerification(5_000, false);
    expect(model.dueTimes.verify).toBe(15_000);
    model.endVerification(15_000, true);
    model.addAnnouncement(alive(3), 15_000);
    expect(model.dueTimes.verify).toBe(35_000);
  });

  it('of another device claim nothing', () => {
    const model = new WatchModel({ ...DEVICE, udn: 'uuid:2' }, POLL_MS, stateOf(1000), 0);
    expect(model.addAnnouncement(alive(1, MOVED), 0)).toBe(false);
    expect(model.dueTimes).toMatchObject({ probe: Infinity, verify: Infinity });
  });

  it('of a gateway that missed a poll are checked', () => {
    const model = new WatchModel(DEVICE, POLL_MS, stateOf(null), 0);
    model.addAnnouncement(alive(1), 0);
    model.endVerification(0, true);
    poll(model, UNANSWERED, 1_000);
    expect(model.addAnnouncement(alive(1), 2_000)).toBe(true);
    expect(model.dueTimes.probe).toBe(-Infinity);
  });

  it('of the place where the gateway is by now are no news', () => {
    const model = new WatchModel(DEVICE, POLL_MS, stateOf(null), 0);
    model.addAnnouncement(alive(1, MOVED), 0);
    expect(model.endProbe(false, MOVED, 100)).toEqual([]);
    expect(model.takeRestart(100)).toEqual({ kind: 'restarted', source: 'announcement' });
    // It does not answer at its old place, so that every sign of life is checked; but this is no other LOCATION.
    model.addAnnouncement(alive(1, MOVED), 60_000);
    expect(model.announcedLocation).toBeNull();
  });
});

describe('a confirmed restart', () => {
  it('answers all claims, and is reported once in thirty seconds', () => {
    const model = new WatchModel(DEVICE, POLL_MS, stateOf(1000), 0);
    model.addAnnouncement(alive(1, MOVED), 0);
    model.confirmRestart('event', 1_000);
    model.confirmRestart('poll', 1_100);
    expect(model.dueTimes).toMatchObject({ probe: Infinity, verify: Infinity, report: 1_000 });
    expect(model.takeRestart(1_200)).toEqual({ kind: 'restarted', source: 'event' });
    model.confirmRestart('event', 2_000);
    expect(model.dueTimes.report).toBe(31_200);
  });

  it('keeps the next check soon', () => {
    const model = new WatchModel(DEVICE, POLL_MS, stateOf(1000), 0);
    for (const at of [0, 5_000, 15_000]) model.endVerification(at, true);
    model.confirmRestart('event', 35_000);
    model.endVerification(35_000, true);
    model.addAnnouncement(alive(1), 36_000);
    expect(model.dueTimes.verify).toBe(40_000);
  });
});
