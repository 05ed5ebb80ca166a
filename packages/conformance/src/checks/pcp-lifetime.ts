/** PCP: how long mappings last, their renewal and their deletion (MAP over IPv4). */
import { expectResult, isServed, granted, UDP } from '../bench/pcp-client.ts';
import { LEASE } from '../bench/port-control.ts';
import {
  changesNumber,
  controlMutant,
  EXTERNAL_PORT,
  isGranted,
  isPlainMap,
  LIFETIME,
  RESULT,
  rewritesAnswers,
  viewOf,
  withNumber,
} from '../mutants/control-mutant.ts';
import { expectThat } from '../shortfall.ts';
import type { Check, Checks } from './check.ts';

const WRITE = { level: 'must', kind: 'write', appliesTo: ['PCP:2'] } as const satisfies Partial<Check>;

const DAY = 86_400;

export const PCP_LIFETIME_CHECKS: Checks = {
  'pcp/lifetime-minimum': {
    ...WRITE,
    sentence: 'A mapping lasts for at least two minutes.',
    clause: 'RFC 6887, 15',
    level: 'should',
    async *check(bench) {
      const { lifetime } = yield* (yield* bench.pcp()).map({ lifetime: 1 });
      yield* expectThat(lifetime >= LEASE, `${LEASE} seconds at least`, `${lifetime} seconds`);
    },
    mutant: controlMutant('a lifetime of a second is granted', undefined, { pcp: { lifetimeSeconds: [1, DAY] } }),
  },

  'pcp/lifetime-maximum': {
    ...WRITE,
    sentence: 'A mapping lasts for at most a day.',
    clause: 'RFC 6887, 15',
    level: 'should',
    async *check(bench) {
      const { lifetime } = yield* (yield* bench.pcp()).map({ lifetime: 0xffff_ffff });
      yield* expectThat(lifetime <= DAY, `${DAY} seconds at most`, `${lifetime} seconds`);
    },
    mutant: controlMutant('every lifetime is granted', undefined, { pcp: { lifetimeSeconds: [LEASE, 0xffff_ffff] } }),
  },

  'pcp/renewal': {
    ...WRITE,
    sentence: 'The same request again keeps the external port, and begins a new lifetime.',
    clause: 'RFC 6887, 11.2.1 and 11.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { request, externalPort, lifetime } = yield* client.map();
      await bench.sleep(2_000);
      const again = yield* granted(request, yield* client.tryMap({ ...request, externalPort }));
      yield* expectThat(again.externalPort === externalPort, `port ${externalPort}`, `port ${again.externalPort}`);
      yield* expectThat(again.lifetime >= lifetime, `${lifetime} seconds`, `${again.lifetime} seconds`);
    },
    mutant: controlMutant(
      'a renewal has what is left of the lifetime',
      rewritesAnswers('pcp', () => {
        const known = new Set<string>();
        return (answer, request) => {
          if (!isPlainMap(request) || !isGranted(answer)) return answer;
          const { nonce } = viewOf(request);
          const isRenewal = known.has(nonce);
          known.add(nonce);
          return isRenewal ? withNumber(answer, LIFETIME, LEASE - 2, 4) : answer;
        };
      }),
    ),
  },

  'pcp/renewal-keeps-port': {
    ...WRITE,
    sentence: 'A renewal that suggests another external port keeps the one of the mapping.',
    clause: 'RFC 6887, 11.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { request, externalPort } = yield* client.map();
      const other = { ...request, externalPort: bench.ports.next() };
      const again = yield* granted(other, yield* client.tryMap(other));
      yield* expectThat(again.externalPort === externalPort, `port ${externalPort}`, `port ${again.externalPort}`);
    },
    mutant: controlMutant(
      'a renewal gets the port that it suggests',
      rewritesAnswers('pcp', () => {
        const ports = new Map<string, number>();
        return (answer, request) => {
          if (!isPlainMap(request) || !isGranted(answer)) return answer;
          const { nonce, externalPort } = viewOf(request);
          const former = ports.get(nonce);
          ports.set(nonce, externalPort);
          return former === undefined || former === externalPort
            ? answer
            : withNumber(answer, EXTERNAL_PORT, externalPort, 2);
        };
      }),
    ),
  },

  'pcp/renewal-other-nonce': {
    ...WRITE,
    sentence: 'A mapping can’t be renewed with another nonce: NOT_AUTHORIZED.',
    clause: 'RFC 6887, 11.3',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { internalPort } = yield* client.map();
      yield* expectResult(yield* client.tryMap(client.propose({ internalPort })), 2);
    },
    mutant: controlMutant('the nonce is not compared', undefined, { pcp: { renewsWithAnyNonce: 'ipv4' } }),
  },

  'pcp/deletion': {
    ...WRITE,
    sentence: 'MAP with lifetime 0 deletes the mapping: SUCCESS and lifetime 0, and another nonce can map the port.',
    clause: 'RFC 6887, 15.1',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { request, internalPort } = yield* client.map();
      const answer = yield* client.tryMap({ ...request, lifetime: 0 });
      yield* expectResult(answer, 0);
      yield* expectThat(answer.lifetime === 0, 'lifetime 0', `lifetime ${answer.lifetime}`);
      const other = client.propose({ internalPort });
      yield* granted(other, yield* client.tryMap(other));
    },
    mutant: controlMutant('a mapping is there after its deletion', staysAfterDeletion()),
  },

  'pcp/deletion-other-nonce': {
    ...WRITE,
    sentence: 'A mapping can’t be deleted with another nonce: NOT_AUTHORIZED.',
    clause: 'RFC 6887, 11.3 and 15.1',
    async *check(bench) {
      const client = yield* bench.pcp();
      const { internalPort } = yield* client.map();
      yield* expectResult(yield* client.tryMap(client.propose({ internalPort, lifetime: 0 })), 2);
    },
    mutant: controlMutant(
      'it is answered with SUCCESS',
      changesNumber('pcp', RESULT, 0, (request, answer) => {
        const { isMap, isIPv6, isDeletion } = viewOf(request);
        return isMap && !isIPv6 && isDeletion && answer[RESULT] === 2;
      }),
    ),
  },

  'pcp/deletion-unknown': {
    ...WRITE,
    sentence: 'The deletion of a mapping that does not exist is a SUCCESS.',
    clause: 'RFC 6887, 15.1',
    async *check(bench) {
      const client = yield* bench.pcp();
      const answer = yield* client.tryMap(client.propose({ lifetime: 0 }));
      yield* isServed(answer);
      yield* expectResult(answer, 0);
    },
    mutant: controlMutant('it is NO_RESOURCES', undefined, { pcp: { nothingToDelete: 8 } }),
  },
};

/** What was deleted is refused to another nonce, as if it were there. */
function staysAfterDeletion(): ReturnType<typeof rewritesAnswers> {
  return rewritesAnswers('pcp', () => {
    const deleted = new Map<string, string>();
    return (answer, request) => {
      const { isMap, isIPv6, isDeletion, key, nonce, protocol } = viewOf(request);
      if (!isMap || isIPv6 || protocol !== UDP || !isGranted(answer)) return answer;
      if (isDeletion) deleted.set(key, nonce);
      return (deleted.get(key) ?? nonce) === nonce ? answer : withNumber(answer, RESULT, 2);
    };
  });
}
