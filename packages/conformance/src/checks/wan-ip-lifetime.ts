/** How long mappings last, how they go, and what they are good for. */
import { onAction, refuses, success, number, held, staysBeyondItsLease } from '../mutants/mutant.ts';
import { keyOf } from '../bench/mappings.ts';
import { packetGetsThrough } from '../bench/traffic.ts';
import { expectFault } from '../bench/service-under-test.ts';
import { expectThat, given, inconclusive, missed, notApplicable } from '../shortfall.ts';
import type { SoapAnswer } from '../wire/soap-answer.ts';
import type { Checks } from './check.ts';
import { isAddress, isPermitted } from './vocabulary.ts';

const SPECIFIC = 'GetSpecificPortMappingEntry';
/** Seconds. */
const LEASE = 1_200;
/** Seconds: short, since the check waits for its end. */
const SHORT_LEASE = 6;
/** Seconds beyond the end of a lease: "+/- a few seconds accounting for clock drift" (WANIPConnection:2, 2.4.6). */
const DRIFT = 6;
/** Milliseconds, in which a mapping for SHORT_LEASE has to be there still. */
const CERTAIN_MS = 4_000;

const ADD = 'AddPortMapping';
const DELETE = 'DeletePortMapping';

export const WAN_IP_LIFETIME_CHECKS: Checks = {
  'wanip/add-lease': {
    sentence: 'The gateway accepts and applies a finite lease, or refuses it with 725.',
    clause: 'WANIPConnection:1, 2.4.16',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const wanted = mappings.propose({ NewLeaseDuration: LEASE });
      const { values, code, summary } = yield* mappings.tryAdd(wanted);
      if (code === 725) return;
      // It is the lease that is refused, if a mapping without one is made.
      if (values === null) yield* mappings.add({ NewLeaseDuration: 0 });
      yield* expectThat(values !== null, 'a success, or 725', summary);
      const read = (yield* mappings.read(wanted)).get('NewLeaseDuration') ?? '(absent)';
      yield* expectThat(Number(read) > 0 && Number(read) <= LEASE, `a lease of 1 to ${LEASE} seconds`, read);
    },
    mutant: {
      what: 'a lease of more than a quarter of an hour is refused with 402',
      hooks: refuses(ADD, 402, (call) => number(call, 'NewLeaseDuration') > 900),
    },
  },

  'wanip/lease-counts-down': {
    sentence: 'A lease counts down; when it expires, the mapping no longer exists.',
    clause: 'WANIPConnection:2, 2.4.6; WANIPConnection:1, PortMappingLeaseDuration',
    level: 'should',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection, mappings } = yield* bench.connection();
      const absent = yield* connection.call(SPECIFIC, keyOf(mappings.propose()));
      const wanted = mappings.propose({ NewLeaseDuration: SHORT_LEASE });
      const began = bench.clock.now();
      const { values, code, summary } = yield* mappings.tryAdd(wanted);
      if (code === 725) return yield* notApplicable('finite leases', summary);
      if (values === null) yield* inconclusive(`a mapping for ${SHORT_LEASE} seconds`, summary);
      const first = Number((yield* given(mappings.read(wanted))).get('NewLeaseDuration'));
      if (first > SHORT_LEASE) yield* inconclusive(`a lease of ${SHORT_LEASE} seconds`, `a lease of ${first}`);
      await bench.sleep(2_500);
      const then = yield* connection.call(SPECIFIC, keyOf(wanted));
      const passed = bench.clock.now() - began;
      if (passed > CERTAIN_MS) yield* inconclusive('answers in time', `answers after ${Math.round(passed)} ms`);
      yield* expectThat(then.values !== null, `a mapping for ${SHORT_LEASE} seconds after 2.5 of them`, then.summary);
      const left = Number(then.values?.get('NewLeaseDuration'));
      yield* expectThat(left < first, `less than ${first} seconds left after 2.5`, String(left));
      let last = then;
      for (let waited = 2; waited < SHORT_LEASE + DRIFT; waited += 2) {
        await bench.sleep(2_000);
        last = yield* connection.call(SPECIFIC, keyOf(wanted));
        if (isLikeUnknown(last, absent)) return;
      }
      yield* missed(`no mapping ${DRIFT} seconds after the end of its lease: ${wordsFor(absent)}`, last.summary);
    },
    mutant: {
      what: 'a lease counts down, and the mapping stays',
      hooks: staysBeyondItsLease,
    },
  },

  'wanip/lease-0-permanent': {
    sentence: 'In version 1, a lease of 0 creates a permanent mapping, which reads back with a lease of 0.',
    clause: 'WANIPConnection:1, PortMappingLeaseDuration; WANIPConnection:2, 2.3.16',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const wanted = mappings.propose({ NewLeaseDuration: 0 });
      const { values, summary } = yield* mappings.tryAdd(wanted);
      yield* expectThat(values !== null, 'a permanent mapping', summary);
      const read = (yield* mappings.read(wanted)).get('NewLeaseDuration') ?? '(absent)';
      yield* expectThat(Number(read) === 0, 'a lease of 0', read);
    },
    mutant: {
      what: 'a permanent lease reads a week',
      version: 1,
      options: { reports: { permanentLease: 604_800 } },
    },
  },

  'wanip/delete': {
    sentence: 'A deleted mapping no longer exists.',
    clause: 'WANIPConnection:1, DeletePortMapping; WANIPConnection:2, 2.5.18',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection, mappings } = yield* bench.connection();
      const absent = yield* connection.call(SPECIFIC, keyOf(mappings.propose()));
      const made = yield* mappings.add();
      yield* given(mappings.read(made));
      yield* connection.succeed('DeletePortMapping', keyOf(made));
      const left = yield* connection.call(SPECIFIC, keyOf(made));
      yield* expectThat(isLikeUnknown(left, absent), `no such mapping: ${wordsFor(absent)}`, left.summary);
    },
    mutant: {
      what: 'nothing is ever deleted',
      hooks: onAction(DELETE, (call, proceed) => (held(call).length > 0 ? success({}) : proceed())),
    },
  },

  'wanip/delete-unknown-714': {
    sentence: 'DeletePortMapping answers 714 for a mapping that does not exist.',
    clause: 'WANIPConnection:1, DeletePortMapping; WANIPConnection:2, table 2-44',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection, mappings } = yield* bench.connection();
      const answer = yield* connection.call('DeletePortMapping', keyOf(mappings.propose()));
      yield* isPermitted(answer);
      yield* expectFault(answer, 'DeletePortMapping', [714]);
    },
    mutant: {
      what: 'deleting an unknown mapping is a success',
      options: { refusals: { nothingToDelete: 'ignored' } },
    },
  },

  'wanip/traffic': {
    sentence: 'A packet from the WAN to a mapped port reaches the internal client.',
    clause: 'WANIPConnection:1, ExternalPort; WANIPConnection:2, 2.3.18 and 2.5.16.5',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    needs: ['wan-host'],
    async *check(bench) {
      if (bench.wanHost === null) return yield* notApplicable('a host on the WAN side', 'there is no such host');
      const { connection, mappings } = yield* bench.connection();
      const external = (yield* given(connection.succeed('GetExternalIPAddress'))).get('NewExternalIPAddress') ?? '';
      if (!isAddress(external)) return yield* inconclusive('an external address to send to', `"${external}"`);
      const made = yield* mappings.add({ NewProtocol: 'UDP' });
      const way = { address: external, port: made.NewExternalPort, internalPort: made.NewInternalPort };
      const isThrough = yield* await packetGetsThrough(bench, way);
      yield* expectThat(isThrough, `a packet to ${external} port ${way.port} at this host`, 'no packet arrived');
    },
    mutant: {
      what: 'nothing gets through',
      hooks: () => ({ inbound: () => ({ inside: null, answers: [] }) }),
    },
  },
};

/**
 * Whether a mapping reads like one that never was: with 714, or with the gateway's own words for that, which another
 * check is about. Any other fault says nothing of it.
 */
function isLikeUnknown({ values, code, response }: SoapAnswer, absent: SoapAnswer): boolean {
  if (values !== null) return false;
  return code === 714 || (absent.values === null && code === absent.code && response.status === absent.response.status);
}

function wordsFor({ values, code, summary }: SoapAnswer): string {
  return values !== null || code === 714 ? '714' : `714 or ${summary}`;
}
