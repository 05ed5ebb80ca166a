/** NAT-PMP: the end of mappings. */
import { expectNatPmpResult } from '../bench/nat-pmp-client.ts';
import { changesNumber, controlMutant, rewritesAnswers, withNumber } from '../mutants/control-mutant.ts';
import { isDeletion, isMapping, LIFETIME, RESULT, staysWhere } from '../mutants/nat-pmp-mutant.ts';
import { expectThat, given, inconclusive } from '../shortfall.ts';
import { numberAt } from '../wire/fields.ts';
import type { Check, Checks } from './check.ts';
import { getsAnotherPort, keepsItsPort } from './nat-pmp-port.ts';

const WRITE = { level: 'must', kind: 'write', appliesTo: ['NAT-PMP:0'] } as const satisfies Partial<Check>;

/** Seconds. */
const SHORT_LEASE = 2;
/** Seconds after which it must have ended. */
const DRIFT = 10;

export const NAT_PMP_LIFETIME_CHECKS: Checks = {
  'nat-pmp/lease-ends': {
    ...WRITE,
    sentence: 'A mapping ends with its lifetime: then the internal port can get another external one.',
    clause: 'RFC 6886, 3.3 and 3.4',
    level: 'should',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const made = yield* client.map({ protocol: 'TCP', lifetime: SHORT_LEASE });
      if (made.lifetime > SHORT_LEASE) yield* inconclusive(`${SHORT_LEASE} seconds`, `${made.lifetime} seconds`);
      await bench.sleep((SHORT_LEASE + DRIFT) * 1_000);
      yield* getsAnotherPort(client, made, bench.ports.next());
    },
    mutant: controlMutant(
      'a mapping stays beyond its lifetime',
      staysWhere((request) => numberAt(request, LIFETIME, 4) === SHORT_LEASE),
    ),
  },

  'nat-pmp/deletion': {
    ...WRITE,
    sentence: 'A deletion is answered with success, its internal port, external port 0 and lifetime 0.',
    clause: 'RFC 6886, 3.4',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const made = yield* client.map();
      const answer = yield* client.tryMap({ ...made, externalPort: 0, lifetime: 0 });
      yield* expectNatPmpResult(answer, 0);
      const { internalPort, externalPort, lifetime } = answer;
      const seen = `internal port ${internalPort}, external port ${externalPort}, lifetime ${lifetime}`;
      const expected = `internal port ${made.internalPort}, external port 0, lifetime 0`;
      yield* expectThat(seen === expected, expected, seen);
    },
    mutant: controlMutant('it has lifetime 1', changesNumber('nat-pmp', 12, 1, isDeletion, 4)),
  },

  'nat-pmp/deletion-done': {
    ...WRITE,
    sentence: 'After a deletion the internal port can get another external one.',
    clause: 'RFC 6886, 3.4',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const made = yield* client.map({ protocol: 'TCP' });
      yield* given(client.tryMap({ ...made, externalPort: 0, lifetime: 0 }));
      yield* getsAnotherPort(client, made, bench.ports.next());
    },
    mutant: controlMutant('a mapping is there after its deletion', staysWhere(isDeletion)),
  },

  'nat-pmp/deletion-unknown': {
    ...WRITE,
    sentence: 'The deletion of a mapping that does not exist is a success.',
    clause: 'RFC 6886, 3.4',
    async *check(bench) {
      const client = yield* bench.natPmp();
      // A server that allows this host nothing refuses this, too.
      yield* client.map();
      yield* expectNatPmpResult(yield* client.tryMap(client.propose({ externalPort: 0, lifetime: 0 })), 0);
    },
    mutant: controlMutant(
      'it is not authorized',
      rewritesAnswers('nat-pmp', () => {
        const known = new Set<string>();
        return (answer, request) => {
          const key = request.slice(1, 6).join();
          if (isMapping(request)) known.add(key);
          const isUnknown = isDeletion(request) && !known.has(key) && numberAt(request, 4, 2) > 0;
          return isUnknown ? withNumber(answer, RESULT, 2, 2) : answer;
        };
      }),
    ),
  },

  'nat-pmp/deletion-of-all': {
    ...WRITE,
    sentence:
      'The deletion of internal port 0 deletes all mappings of this client in one protocol, and none in the other.',
    clause: 'RFC 6886, 3.4',
    kind: 'disruptive',
    note: 'it deletes what other programs of this computer have mapped by NAT-PMP for UDP',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const udp = yield* client.map();
      const tcp = yield* client.map({ protocol: 'TCP' });
      yield* expectNatPmpResult(yield* client.tryMap({ ...udp, internalPort: 0, externalPort: 0, lifetime: 0 }), 0);
      yield* getsAnotherPort(client, udp, bench.ports.next());
      yield* keepsItsPort(client, tcp, bench.ports.next());
    },
    mutant: controlMutant('it deletes both protocols', undefined, { natPmp: { deletesAllOfBoth: true } }),
  },
};
