/**
 * Mappings that are to be refused. Each is asked for with the lease of one that was granted before, so that it is not for
 * its lease that it is refused.
 */
import { type AddAction, keyOf } from '../bench/mappings.ts';
import { expectFault } from '../bench/service-under-test.ts';
import { expectThat, inconclusive } from '../shortfall.ts';
import type { Cases } from './case.ts';
import { isPermitted } from './vocabulary.ts';

const ADD: AddAction = 'AddPortMapping';
/** A protocol that no version of the service has. */
export const NO_SUCH_PROTOCOL = 'SCTP';

export const WAN_IP_REFUSAL_CASES: Cases = {
  async *'wanip/add-ext-wildcard'(bench) {
    const { connection, mappings } = yield* bench.connection();
    const { NewLeaseDuration } = yield* mappings.add({ NewLeaseDuration: 60 });
    const wanted = mappings.propose({ NewExternalPort: 0, NewInternalPort: bench.ports.next(), NewLeaseDuration });
    const { values, code, summary } = yield* mappings.tryAdd(wanted);
    if (code === 716) return;
    yield* expectThat(values !== null, 'a success, or 716', summary);
    // At once, and not only when the check is over: while it is there, every port is open.
    yield* connection.succeed('DeletePortMapping', keyOf(wanted));
  },

  async *'wanip/add-client-wildcard'(bench) {
    const { connection, mappings } = yield* bench.connection();
    const { NewLeaseDuration } = yield* mappings.add();
    const answer = yield* mappings.tryAdd(mappings.propose({ NewInternalClient: '', NewLeaseDuration }));
    // WANIPConnection:2, 2.5.16.2: a gateway's policy is looked at "before processing the action request".
    if (connection.version >= 2) yield* isPermitted(answer);
    yield* expectFault(answer, ADD, [715, 402]);
  },

  async *'wanip/add-foreign-client'(bench) {
    const { self, second, subject } = bench;
    const { connection, mappings } = yield* bench.connection();
    const other = second?.address ?? neighbourOf(self.address, subject.host);
    if (other === null)
      return yield* inconclusive('an IPv4 address of this host, to derive a neighbour from', self.address);
    // Version 2 has a word for what is not allowed (2.5.16.2); version 1 has none, and 718 has been seen.
    const codes = connection.version >= 2 ? [606] : [];
    const { NewLeaseDuration } = yield* mappings.add();
    const wanted = mappings.propose({ NewInternalClient: other, NewLeaseDuration });
    yield* expectFault(yield* mappings.tryAdd(wanted), ADD, codes);
  },

  async *'wanip/add-bad-protocol'(bench) {
    const { mappings } = yield* bench.connection();
    const { NewLeaseDuration } = yield* mappings.add();
    const wanted = mappings.propose({ NewProtocol: NO_SUCH_PROTOCOL, NewLeaseDuration });
    yield* expectFault(yield* mappings.tryAdd(wanted), ADD, [402, 601]);
  },
};

/** Another address of the same network: neither this host's nor the gateway's. */
function neighbourOf(address: string, gateway: string): string | null {
  const [, network, host] = /^(\d+\.\d+\.\d+\.)(\d+)$/.exec(address) ?? [];
  if (network === undefined || host === undefined) return null;
  const numbers = [254, 253, 252].map((number) => `${network}${number}`);
  return numbers.find((other) => other !== address && other !== gateway) ?? null;
}
