/** PCP over IPv6: a mapping is a pinhole in the firewall, and has no other address or port outside. */
import { expectResult, isServed, granted, isOpenForMappings } from '../bench/pcp-client.ts';
import {
  changesNumber,
  controlMutant,
  EXTERNAL_PORT,
  isGranted,
  RESULT,
  rewritesAnswers,
  viewOf,
  withNumber,
} from '../mutants/control-mutant.ts';
import { expectThat, given } from '../shortfall.ts';
import { isSameAddress } from '../wire/fields.ts';
import { PREFER_FAILURE, writePcpOption } from '../wire/pcp-message.ts';
import type { Check, Checks } from './check.ts';

const PINHOLE = {
  level: 'must',
  kind: 'write',
  appliesTo: ['PCP:2'],
  needs: ['ipv6'],
} as const satisfies Partial<Check>;

export const PCP_PINHOLE_CHECKS: Checks = {
  'pcp/pinhole': {
    ...PINHOLE,
    sentence: 'MAP over IPv6 is granted with the client’s own address and the internal port.',
    clause: 'RFC 6887, 11.1 and 11.3',
    async *check(bench) {
      const client = yield* bench.pcp6();
      const request = client.propose();
      const answer = yield* client.tryMap(request);
      yield* isOpenForMappings(answer);
      const { externalAddress, externalPort } = yield* granted(request, answer);
      const isOwn = isSameAddress(externalAddress, client.address) && externalPort === request.internalPort;
      const expected = `${client.address} port ${request.internalPort}`;
      yield* expectThat(isOwn, expected, `${externalAddress} port ${externalPort}`);
    },
    mutant: controlMutant(
      'the external port is 0',
      changesNumber(
        'pcp',
        EXTERNAL_PORT,
        0,
        (request, answer) => viewOf(request).isIPv6 && viewOf(request).isMap && isGranted(answer),
        2,
      ),
    ),
  },

  'pcp/pinhole-renewal': {
    ...PINHOLE,
    sentence: 'A pinhole can be renewed with its nonce.',
    clause: 'RFC 6887, 11.2.1 and 11.3',
    async *check(bench) {
      const client = yield* bench.pcp6();
      const { request } = yield* client.map();
      yield* granted(request, yield* client.tryMap(request));
    },
    mutant: controlMutant('a pinhole can’t be renewed', undefined, { pcp: { renewsPinholes: false } }),
  },

  'pcp/pinhole-other-nonce': {
    ...PINHOLE,
    sentence: 'A pinhole can’t be renewed with another nonce: NOT_AUTHORIZED.',
    clause: 'RFC 6887, 11.3',
    async *check(bench) {
      const client = yield* bench.pcp6();
      const { internalPort } = yield* client.map();
      yield* expectResult(yield* client.tryMap(client.propose({ internalPort })), 2);
    },
    mutant: controlMutant(
      'it is answered with SUCCESS',
      changesNumber(
        'pcp',
        RESULT,
        0,
        (request, answer) => viewOf(request).isIPv6 && !viewOf(request).isDeletion && answer[RESULT] === 2,
      ),
    ),
  },

  'pcp/pinhole-deletion': {
    ...PINHOLE,
    sentence: 'A pinhole that was renewed can be deleted with its nonce.',
    clause: 'RFC 6887, 15.1',
    async *check(bench) {
      const client = yield* bench.pcp6();
      const { request } = yield* client.map();
      yield* given(client.tryMap(request).andThen((answer) => granted(request, answer)));
      yield* expectResult(yield* client.tryMap({ ...request, lifetime: 0 }), 0);
    },
    mutant: controlMutant('a renewed pinhole can’t be deleted', undefined, { pcp: { deletesRenewedPinholes: false } }),
  },

  'pcp/pinhole-deletion-unknown': {
    ...PINHOLE,
    sentence: 'The deletion of a pinhole that does not exist is a SUCCESS.',
    clause: 'RFC 6887, 15.1',
    async *check(bench) {
      const client = yield* bench.pcp6();
      const answer = yield* client.tryMap(client.propose({ lifetime: 0 }));
      yield* isServed(answer);
      yield* expectResult(answer, 0);
    },
    mutant: controlMutant(
      'it is NO_RESOURCES',
      rewritesAnswers('pcp', () => {
        const known = new Set<string>();
        return (answer, request) => {
          const { isMap, isIPv6, isDeletion, key } = viewOf(request);
          if (!isMap || !isIPv6) return answer;
          if (!isDeletion) known.add(key);
          return known.has(key) ? answer : withNumber(answer, RESULT, 8);
        };
      }),
    ),
  },

  'pcp/pinhole-prefer-failure': {
    ...PINHOLE,
    sentence:
      'With PREFER_FAILURE, another external port than the internal one is refused with CANNOT_PROVIDE_EXTERNAL.',
    clause: 'RFC 6887, 13.2',
    async *check(bench) {
      const client = yield* bench.pcp6();
      const externalPort = bench.ports.next();
      const answer = yield* client.tryMap(client.propose({ externalPort, options: [writePcpOption(PREFER_FAILURE)] }));
      yield* isOpenForMappings(answer);
      yield* expectResult(answer, 11);
    },
    mutant: controlMutant('PREFER_FAILURE is ignored over IPv6', undefined, { pcp: { ignoresPreferFailure: 'ipv6' } }),
  },
};
