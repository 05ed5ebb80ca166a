/** Mappings that are made. */
import { expectFault, type Values } from '../bench/service-under-test.ts';
import { keyOf, type MappingArguments } from '../bench/mappings.ts';
import { expectThat, given, notApplicable } from '../shortfall.ts';
import type { Cases } from './case.ts';
import { isTrue } from './vocabulary.ts';

/** An address for documentation (RFC 5737), which nobody has. */
const REMOTE_HOST = '198.51.100.7';

export const WAN_IP_ADDING_CASES: Cases = {
  async *'wanip/add-then-get-specific'(bench) {
    const { mappings } = yield* bench.connection();
    for (const enabled of [1, 0] as const) {
      const made = yield* mappings.add({ NewEnabled: enabled });
      const differences = differencesOf(made, yield* mappings.read(made));
      yield* expectThat(differences.length === 0, 'every field unchanged', differences.join(', '));
    }
  },

  async *'wanip/add-tcp-and-udp'(bench) {
    const { connection, mappings } = yield* bench.connection();
    const tcp = yield* mappings.add({ NewProtocol: 'TCP' });
    const udp = mappings.propose({ NewExternalPort: tcp.NewExternalPort, NewProtocol: 'UDP' });
    const lease = { NewLeaseDuration: tcp.NewLeaseDuration };
    const { values, summary } = yield* mappings.tryAdd({ ...udp, ...lease });
    yield* expectThat(values !== null, `UDP ${udp.NewExternalPort} beside TCP`, summary);
    yield* mappings.read(tcp);
    yield* mappings.read(udp);
    yield* given(connection.succeed('DeletePortMapping', keyOf(tcp)));
    yield* mappings.read(udp);
  },

  async *'wanip/add-same-overwrites'(bench) {
    const { mappings } = yield* bench.connection();
    const first = yield* mappings.add();
    const second = { ...first, NewInternalPort: bench.ports.next() };
    const { values, code, summary } = yield* mappings.tryAdd(second);
    if (code === 724) yield* notApplicable('a gateway that maps to other ports', summary);
    yield* expectThat(values !== null, 'the same mapping once more', summary);
    const port = (yield* mappings.read(second)).get('NewInternalPort') ?? '';
    yield* expectThat(port === String(second.NewInternalPort), `internal port ${second.NewInternalPort}`, port);
  },

  async *'wanip/add-conflict-718'(bench) {
    const { second } = bench;
    if (second === null) return yield* notApplicable('a second client', 'there is no second client');
    const { mappings } = yield* bench.connection();
    const held = yield* mappings.add({}, second);
    const wanted = { ...held, NewInternalClient: bench.self.address };
    yield* expectFault(yield* mappings.tryAdd(wanted), 'AddPortMapping', [718]);
  },

  async *'wanip/add-different-ports'(bench) {
    const { mappings } = yield* bench.connection();
    const { NewLeaseDuration } = yield* mappings.add();
    const wanted = mappings.propose({ NewInternalPort: bench.ports.next(), NewLeaseDuration });
    const { values, code, summary } = yield* mappings.tryAdd(wanted);
    if (code === 724) return;
    yield* expectThat(values !== null, 'a success, or 724', summary);
    const port = (yield* mappings.read(wanted)).get('NewInternalPort') ?? '';
    yield* expectThat(port === String(wanted.NewInternalPort), `internal port ${wanted.NewInternalPort}`, port);
  },

  async *'wanip/add-remote-host'(bench) {
    const { mappings } = yield* bench.connection();
    const { NewLeaseDuration } = yield* mappings.add();
    const wanted = mappings.propose({ NewRemoteHost: REMOTE_HOST, NewLeaseDuration });
    const { values, code, summary } = yield* mappings.tryAdd(wanted);
    if (code === 726) return;
    yield* expectThat(values !== null, 'a success, or 726', summary);
    yield* mappings.read(wanted);
  },

  async *'wanip/description-escaping'(bench) {
    const { mappings } = yield* bench.connection();
    const { NewPortMappingDescription: prefix, NewLeaseDuration } = yield* mappings.add();
    for (const text of [`${prefix} <a> & "b" 'c'`, `${prefix} Zürich 端口 🙂`, `${prefix} `.padEnd(256, 'x')]) {
      const wanted = mappings.propose({ NewPortMappingDescription: text, NewLeaseDuration });
      const { values, summary } = yield* mappings.tryAdd(wanted);
      yield* expectThat(values !== null, `a mapping described as ${text}`, summary);
      const read = (yield* mappings.read(wanted)).get('NewPortMappingDescription') ?? '(absent)';
      yield* expectThat(read === text, text, read);
    }
  },

  async *'wanip/capacity'(bench) {
    const { connection, mappings } = yield* bench.connection();
    const { NewLeaseDuration } = yield* mappings.add();
    for (let count = 2; count <= 32; count += 1) {
      const wanted = mappings.propose({ NewLeaseDuration });
      const { values, code, summary } = yield* mappings.tryAdd(wanted);
      if (code === 728 || code === 501) return;
      yield* expectThat(values !== null, `mapping ${count} of 32, or 728 or 501`, summary);
      // There are gateways that are full without a word.
      const read = yield* connection.call('GetSpecificPortMappingEntry', keyOf(wanted));
      yield* expectThat(
        read.values !== null,
        `mapping ${count} of 32 in the table, after it was granted`,
        read.summary,
      );
    }
  },
};

/** What of a mapping reads otherwise than it was made. */
function differencesOf(made: MappingArguments, values: Values): readonly string[] {
  const lease = Number(values.get('NewLeaseDuration') ?? NaN);
  const isLeaseRight =
    made.NewLeaseDuration === 0 || (lease > made.NewLeaseDuration - 60 && lease <= made.NewLeaseDuration);
  const rows: readonly (readonly [name: keyof MappingArguments, isRight: boolean])[] = [
    ['NewInternalPort', Number(values.get('NewInternalPort')) === made.NewInternalPort],
    ['NewInternalClient', values.get('NewInternalClient') === made.NewInternalClient],
    ['NewEnabled', values.has('NewEnabled') && isTrue(values.get('NewEnabled')) === (made.NewEnabled === 1)],
    ['NewPortMappingDescription', values.get('NewPortMappingDescription') === made.NewPortMappingDescription],
    ['NewLeaseDuration', isLeaseRight],
  ];
  return rows
    .filter(([, isRight]) => !isRight)
    .map(([name]) => `${name} "${values.get(String(name)) ?? '(absent)'}" for "${made[name] ?? ''}"`);
}
