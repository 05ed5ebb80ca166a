/** Mappings that are made. */
import { onAction, refuses, text, number, held } from '../mutants/mutant.ts';
import { expectFault, type Values } from '../bench/service-under-test.ts';
import { keyOf, type MappingArguments } from '../bench/mappings.ts';
import { expectThat, given, notApplicable } from '../shortfall.ts';
import type { Checks } from './check.ts';
import { isTrue } from './vocabulary.ts';

/** Reserved for documentation (RFC 5737): no host has this address. */
const REMOTE_HOST = '198.51.100.7';

const ADD = 'AddPortMapping';
const DELETE = 'DeletePortMapping';

export const WAN_IP_ADDING_CHECKS: Checks = {
  'wanip/add-then-get-specific': {
    sentence: 'GetSpecificPortMappingEntry returns every field of a mapping as it was added.',
    clause: 'WANIPConnection:1, 2.4.16 and 2.4.15',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      for (const enabled of [1, 0] as const) {
        const made = yield* mappings.add({ NewEnabled: enabled });
        const differences = differencesOf(made, yield* mappings.read(made));
        yield* expectThat(differences.length === 0, 'every field unchanged', differences.join(', '));
      }
    },
    mutant: {
      what: 'every mapping reads as enabled',
      options: { reports: { isAlwaysEnabled: true } },
    },
  },

  'wanip/add-tcp-and-udp': {
    sentence: 'TCP and UDP mappings of the same port are independent.',
    clause: 'WANIPConnection:1, 2.4.16; WANIPConnection:2, figure 2-3',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
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
    mutant: {
      what: 'deleting TCP deletes UDP, too',
      hooks: onAction(DELETE, (call, proceed) => {
        const { mappings } = call.gateway.connection;
        return proceed().map((values) => {
          mappings.remove(mappings.ofPort(number(call, 'NewExternalPort'), 'UDP'));
          return values;
        });
      }),
    },
  },

  'wanip/add-same-overwrites': {
    sentence: 'Adding a mapping again for the same client with another internal port overwrites it.',
    clause: 'WANIPConnection:1, 2.2.20; WANIPConnection:2, figure 2-3',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const first = yield* mappings.add();
      const second = { ...first, NewInternalPort: bench.ports.next() };
      const { values, code, summary } = yield* mappings.tryAdd(second);
      if (code === 724) yield* notApplicable('a gateway that maps to other ports', summary);
      yield* expectThat(values !== null, 'the same mapping once more', summary);
      const port = (yield* mappings.read(second)).get('NewInternalPort') ?? '';
      yield* expectThat(port === String(second.NewInternalPort), `internal port ${second.NewInternalPort}`, port);
    },
    mutant: {
      what: 'a mapping that is there is refused to its own client',
      version: 1,
      options: { allowsRenewal: false },
    },
  },

  'wanip/add-conflict-718': {
    sentence: 'The gateway refuses a port that another client holds with 718.',
    clause: 'WANIPConnection:1, 2.4.16; WANIPConnection:2, 2.5.16 and table 2-40',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    needs: ['second-client'],
    async *check(bench) {
      const { second } = bench;
      if (second === null) return yield* notApplicable('a second client', 'there is no second client');
      const { mappings } = yield* bench.connection();
      const held = yield* mappings.add({}, second);
      const wanted = { ...held, NewInternalClient: bench.self.address };
      yield* expectFault(yield* mappings.tryAdd(wanted), 'AddPortMapping', [718]);
    },
    mutant: {
      what: 'a port of another client’s is refused with 501',
      version: 1,
      options: { refusals: { conflict: 501 } },
    },
  },

  'wanip/add-different-ports': {
    sentence: 'The gateway accepts different external and internal ports, or refuses them with 724.',
    clause: 'WANIPConnection:1, 2.4.16',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const { NewLeaseDuration } = yield* mappings.add();
      const wanted = mappings.propose({ NewInternalPort: bench.ports.next(), NewLeaseDuration });
      const { values, code, summary } = yield* mappings.tryAdd(wanted);
      if (code === 724) return;
      yield* expectThat(values !== null, 'a success, or 724', summary);
      const port = (yield* mappings.read(wanted)).get('NewInternalPort') ?? '';
      yield* expectThat(port === String(wanted.NewInternalPort), `internal port ${wanted.NewInternalPort}`, port);
    },
    mutant: {
      what: 'different ports are refused with 501',
      hooks: refuses(
        ADD,
        501,
        (call) =>
          number(call, 'NewExternalPort') !== number(call, 'NewInternalPort') &&
          number(call, 'NewExternalPort') !== 0 &&
          held(call).length === 0,
      ),
    },
  },

  'wanip/add-remote-host': {
    sentence: 'The gateway accepts a mapping for one remote host, or refuses it with 726.',
    clause: 'WANIPConnection:1, 2.4.16',
    level: 'may',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const { NewLeaseDuration } = yield* mappings.add();
      const wanted = mappings.propose({ NewRemoteHost: REMOTE_HOST, NewLeaseDuration });
      const { values, code, summary } = yield* mappings.tryAdd(wanted);
      if (code === 726) return;
      yield* expectThat(values !== null, 'a success, or 726', summary);
      yield* mappings.read(wanted);
    },
    mutant: {
      what: 'a remote host is refused with 501',
      hooks: refuses(ADD, 501, (call) => text(call, 'NewRemoteHost') !== ''),
    },
  },

  'wanip/description-escaping': {
    sentence: 'A description reads back unchanged: with XML special characters, non-ASCII letters, and 256 characters.',
    clause: 'WANIPConnection:2, 2.3.22; XML 1.0, 2.4',
    level: 'should',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
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
    mutant: {
      what: 'a letter is lost',
      options: { reports: { inDescriptions: { ü: '?' } } },
    },
  },

  'wanip/capacity': {
    sentence: 'The table has room for 32 mappings of this suite, or the gateway reports a full table with 728 or 501.',
    clause: 'A rule of this suite: fewer are not enough for a household',
    level: 'own',
    kind: 'write',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
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
    mutant: {
      what: 'the eleventh mapping is refused with 402',
      options: { capacity: 10, refusals: { full: 402 } },
    },
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
