/** NAT-PMP: mappings, their renewal and their end. */
import { grantedByNatPmp, isOpenForNatPmp } from '../bench/nat-pmp-client.ts';
import { packetGetsThrough } from '../bench/traffic.ts';
import { changesNumber, closedBehind, controlMutant, rewritesAnswers, withNumber } from '../mutants/control-mutant.ts';
import { afterFirst, EXTERNAL_PORT, INTERNAL_PORT, isMapping, TCP, UDP } from '../mutants/nat-pmp-mutant.ts';
import { expectThat, given, inconclusive, notApplicable } from '../shortfall.ts';
import { numberAt } from '../wire/fields.ts';
import { ADDRESS_REQUEST } from '../wire/nat-pmp-message.ts';
import type { Check, Checks } from './check.ts';
import { keepsItsPort } from './nat-pmp-port.ts';
import { isAddress } from './vocabulary.ts';

const WRITE = { level: 'must', kind: 'write', appliesTo: ['NAT-PMP:0'] } as const satisfies Partial<Check>;

export const NAT_PMP_MAPPING_CHECKS: Checks = {
  'nat-pmp/map': {
    ...WRITE,
    sentence:
      'A mapping is answered in 16 bytes with 128 added to the opcode, its internal port, and an external port.',
    clause: 'RFC 6886, 3.3',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const wanted = client.propose();
      const answer = yield* client.tryMap(wanted);
      yield* isOpenForNatPmp(answer);
      yield* grantedByNatPmp(wanted, answer);
      const { payload, opcode, internalPort, externalPort } = answer;
      const seen = `${payload.length} bytes, opcode ${opcode}, internal port ${internalPort}`;
      const expected = `16 bytes, opcode 129, internal port ${wanted.internalPort}`;
      yield* expectThat(seen === expected, expected, seen);
      yield* expectThat(externalPort > 0, 'an external port', String(externalPort));
    },
    mutant: controlMutant('the answer has internal port 0', changesNumber('nat-pmp', INTERNAL_PORT, 0, isMapping, 2)),
  },

  'nat-pmp/map-suggested-port': {
    ...WRITE,
    sentence: 'A free external port that the client suggests is the one that it gets.',
    clause: 'RFC 6886, 3.3',
    level: 'should',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const wanted = client.propose({ protocol: 'TCP', externalPort: bench.ports.next() });
      const { externalPort } = yield* given(client.tryMap(wanted).andThen((answer) => grantedByNatPmp(wanted, answer)));
      yield* expectThat(externalPort === wanted.externalPort, `port ${wanted.externalPort}`, `port ${externalPort}`);
    },
    mutant: controlMutant(
      'a new mapping of TCP gets its internal port',
      rewritesAnswers('nat-pmp', () => {
        const known = new Set<string>();
        return (answer, request) => {
          const key = request.slice(1, 6).join();
          const isNew = isMapping(request) && request[1] === TCP && !known.has(key);
          known.add(key);
          return isNew ? withNumber(answer, EXTERNAL_PORT, numberAt(request, 4, 2), 2) : answer;
        };
      }),
    ),
  },

  'nat-pmp/map-without-suggestion': {
    ...WRITE,
    sentence: 'Without a suggested external port the server chooses one.',
    clause: 'RFC 6886, 3.3',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const wanted = client.propose({ externalPort: 0 });
      const answer = yield* client.tryMap(wanted);
      yield* isOpenForNatPmp(answer);
      const { externalPort } = yield* grantedByNatPmp(wanted, answer);
      yield* expectThat(externalPort > 0, 'an external port', String(externalPort));
    },
    mutant: controlMutant(
      'port 0 is granted',
      changesNumber('nat-pmp', EXTERNAL_PORT, 0, (request) => isMapping(request) && numberAt(request, 6, 2) === 0, 2),
    ),
  },

  'nat-pmp/map-lifetime': {
    ...WRITE,
    sentence: 'A mapping does not last longer than the client asks.',
    clause: 'RFC 6886, 3.3',
    level: 'should',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const { lifetime } = yield* client.map({ lifetime: 60 });
      yield* expectThat(lifetime > 0 && lifetime <= 60, '1 to 60 seconds', `${lifetime} seconds`);
    },
    mutant: controlMutant('every mapping lasts for two hours', undefined, {
      natPmp: { lifetimeSeconds: [7_200, 7_200] },
    }),
  },

  'nat-pmp/map-repeated': {
    ...WRITE,
    sentence: 'The same request again gets the same external port.',
    clause: 'RFC 6886, 3.3',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const made = yield* client.map();
      yield* keepsItsPort(client, made, made.externalPort);
    },
    mutant: controlMutant(
      'each request gets another port',
      rewritesAnswers('nat-pmp', () =>
        afterFirst((answer, request) => {
          const port = numberAt(answer, EXTERNAL_PORT, 2);
          return numberAt(request, 6, 2) === port ? withNumber(answer, EXTERNAL_PORT, port + 1, 2) : answer;
        }),
      ),
    ),
  },

  'nat-pmp/map-keeps-port': {
    ...WRITE,
    sentence: 'A request for a mapped port that suggests another external port gets the one that it has.',
    clause: 'RFC 6886, 3.3',
    level: 'should',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const made = yield* client.map();
      yield* keepsItsPort(client, made, bench.ports.next());
    },
    mutant: controlMutant(
      'it gets the one that it suggests',
      rewritesAnswers('nat-pmp', () =>
        afterFirst((answer, request) => {
          const wanted = numberAt(request, 6, 2);
          return request[1] === UDP && wanted > 0 ? withNumber(answer, EXTERNAL_PORT, wanted, 2) : answer;
        }),
      ),
    ),
  },

  'nat-pmp/map-both-protocols': {
    ...WRITE,
    sentence: 'TCP and UDP are mapped by themselves, and both to the same external port.',
    clause: 'RFC 6886, 3.3',
    async *check(bench) {
      const client = yield* bench.natPmp();
      const made = yield* client.map();
      const other = { ...made, protocol: 'TCP' } as const;
      const { externalPort } = yield* grantedByNatPmp(other, yield* client.tryMap(other));
      yield* expectThat(externalPort === made.externalPort, `port ${made.externalPort}`, `port ${externalPort}`);
    },
    mutant: controlMutant(
      'a port has one protocol',
      rewritesAnswers('nat-pmp', () => {
        const udp = new Set<number>();
        return (answer, request) => {
          const port = numberAt(answer, EXTERNAL_PORT, 2);
          if (!isMapping(request)) return answer;
          if (request[1] === UDP) udp.add(port);
          return request[1] === TCP && udp.has(port) ? withNumber(answer, EXTERNAL_PORT, port + 1, 2) : answer;
        };
      }),
    ),
  },

  'nat-pmp/map-conflict': {
    ...WRITE,
    sentence: 'A port that another client has is not given to a second one, which gets another.',
    clause: 'RFC 6886, 3.3',
    needs: ['second-client'],
    async *check(bench) {
      if (bench.second === null) return yield* notApplicable('a second client', 'none');
      const { externalPort } = yield* (yield* bench.natPmp()).map();
      const other = yield* bench.natPmp(bench.second);
      const wanted = other.propose({ externalPort });
      const answer = yield* other.tryMap(wanted);
      yield* isOpenForNatPmp(answer);
      const made = yield* grantedByNatPmp(wanted, answer);
      yield* expectThat(made.externalPort !== externalPort, 'another port', `port ${made.externalPort}`);
    },
    mutant: controlMutant(
      'a new mapping gets the port that it suggests',
      rewritesAnswers('nat-pmp', () => {
        const known = new Set<string>();
        return (answer, request) => {
          const wanted = numberAt(request, 6, 2);
          const key = request.slice(1, 6).join();
          const isNew = isMapping(request) && !known.has(key);
          known.add(key);
          return isNew && wanted > 0 ? withNumber(answer, EXTERNAL_PORT, wanted, 2) : answer;
        };
      }),
    ),
  },

  'nat-pmp/traffic': {
    ...WRITE,
    sentence: 'A packet from the WAN to a mapped port reaches the client.',
    clause: 'RFC 6886, 3.3',
    needs: ['wan-host'],
    async *check(bench) {
      if (bench.wanHost === null) return yield* notApplicable('a host on the WAN side', 'there is no such host');
      const client = yield* bench.natPmp();
      const { address } = yield* given(client.ask(ADDRESS_REQUEST));
      if (!isAddress(address)) yield* inconclusive('an external address to send to', address);
      const { externalPort, internalPort } = yield* client.map();
      const isThrough = yield* await packetGetsThrough(bench, { address, port: externalPort, internalPort });
      yield* expectThat(isThrough, `a packet to ${address} port ${externalPort}`, 'no packet arrived');
    },
    mutant: controlMutant('nothing gets through a mapping of NAT-PMP', closedBehind('nat-pmp')),
  },
};
