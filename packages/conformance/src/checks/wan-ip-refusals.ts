/**
 * Mappings that are to be refused. Each is asked for with the lease of one that was granted before, so that it is not for
 * its lease that it is refused.
 */
import { onRequest, bodyOf, recoded } from '../mutants/mutant.ts';
import { type AddAction, keyOf } from '../bench/mappings.ts';
import { expectFault } from '../bench/service-under-test.ts';
import { expectThat, inconclusive } from '../shortfall.ts';
import type { Checks } from './check.ts';
import { isPermitted } from './vocabulary.ts';

const ADD: AddAction = 'AddPortMapping';
/** A protocol that no version of the service has. */
export const NO_SUCH_PROTOCOL = 'SCTP';

const UTF8 = new TextEncoder();

export const WAN_IP_REFUSAL_CHECKS: Checks = {
  'wanip/add-ext-wildcard': {
    sentence: 'The gateway refuses external port 0 with 716, or accepts it (which opens every port).',
    clause: 'WANIPConnection:1, 2.4.16; WANIPConnection:2, 2.3.18',
    level: 'may',
    kind: 'disruptive',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection, mappings } = yield* bench.connection();
      const { NewLeaseDuration } = yield* mappings.add({ NewLeaseDuration: 60 });
      const wanted = mappings.propose({ NewExternalPort: 0, NewInternalPort: bench.ports.next(), NewLeaseDuration });
      const { values, code, summary } = yield* mappings.tryAdd(wanted);
      if (code === 716) return;
      yield* expectThat(values !== null, 'a success, or 716', summary);
      // At once, and not only when the check is over: while it is there, every port is open.
      yield* connection.succeed('DeletePortMapping', keyOf(wanted));
    },
    mutant: { what: 'external port 0 is refused with 402', hooks: recoded(ADD, 716, 402) },
  },

  'wanip/add-client-wildcard': {
    sentence: 'The gateway refuses an empty internal client with 715 or 402.',
    clause: 'WANIPConnection:1, 2.4.16; WANIPConnection:2, table 2-40',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection, mappings } = yield* bench.connection();
      const { NewLeaseDuration } = yield* mappings.add();
      const answer = yield* mappings.tryAdd(mappings.propose({ NewInternalClient: '', NewLeaseDuration }));
      // WANIPConnection:2, 2.5.16.2: a gateway's policy is looked at "before processing the action request".
      if (connection.version >= 2) yield* isPermitted(answer);
      yield* expectFault(answer, ADD, [715, 402]);
    },
    mutant: { what: 'no internal client is refused with 501', hooks: recoded(ADD, 715, 501) },
  },

  'wanip/add-foreign-client': {
    sentence: 'The gateway refuses a mapping to another host than the caller; version 2 does so with 606.',
    clause: 'WANIPConnection:2, 2.5.16.2: "[IGD2] RECOMMENDS"',
    level: 'should',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { self, second, subject } = bench;
      const { connection, mappings } = yield* bench.connection();
      const other = second?.address ?? neighbourOf(self.address, subject.host);
      if (other === null)
        return yield* inconclusive('an IPv4 address of this host, to derive a neighbour from', self.address);
      // Version 2 requires 606 for a request that is not allowed (2.5.16.2). Version 1 has no code for it; some devices answer 718.
      const codes = connection.version >= 2 ? [606] : [];
      const { NewLeaseDuration } = yield* mappings.add();
      const wanted = mappings.propose({ NewInternalClient: other, NewLeaseDuration });
      yield* expectFault(yield* mappings.tryAdd(wanted), ADD, codes);
    },
    mutant: {
      what: 'everybody maps to everybody',
      version: 1,
      options: { isSecure: false },
    },
  },

  'wanip/add-bad-protocol': {
    sentence: 'The gateway refuses a protocol other than TCP and UDP with 402 or 601.',
    clause: 'UDA 1.0, 3.2.2; WANIPConnection:2, 2.5.16.2',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const { NewLeaseDuration } = yield* mappings.add();
      const wanted = mappings.propose({ NewProtocol: NO_SUCH_PROTOCOL, NewLeaseDuration });
      yield* expectFault(yield* mappings.tryAdd(wanted), ADD, [402, 601]);
    },
    mutant: {
      what: 'every protocol but TCP is taken for UDP',
      version: 1,
      hooks: onRequest(
        ({ action }) => action === ADD,
        (context, proceed) => {
          const body = UTF8.encode(bodyOf(context).replace(/(<NewProtocol>)(?!TCP<)[^<]*/, '$1UDP'));
          return proceed({ ...context, request: { ...context.request, body } });
        },
      ),
    },
  },
};

/** Another address of the same network: neither this host's nor the gateway's. */
function neighbourOf(address: string, gateway: string): string | null {
  const [, network, host] = /^(\d+\.\d+\.\d+\.)(\d+)$/.exec(address) ?? [];
  if (network === undefined || host === undefined) return null;
  const numbers = [254, 253, 252].map((number) => `${network}${number}`);
  return numbers.find((other) => other !== address && other !== gateway) ?? null;
}
