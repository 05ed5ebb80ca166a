/** What WANIPConnection:2 adds to the making of mappings. */
import { onAction, refuses, rewritesEvents, text, number, changed, held, recoded } from '../mutants/mutant.ts';
import type { AddAction, MappingArguments } from '../bench/mappings.ts';
import { expectFault } from '../bench/service-under-test.ts';
import { expectThat, given, inconclusive, notApplicable } from '../shortfall.ts';
import type { Checks } from './check.ts';
import { isPermitted } from './vocabulary.ts';
import { NO_SUCH_PROTOCOL } from './wan-ip-refusals.ts';

const ANY: AddAction = 'AddAnyPortMapping';
/** 2.3.16: the longest lease, a week. */
const LONGEST_LEASE = 604_800;

const ADD = 'AddPortMapping';
const SPECIFIC = 'GetSpecificPortMappingEntry';
const UTF8 = new TextEncoder();

export const WAN_IP_2_ADDING_CHECKS: Checks = {
  'wanip2/add-any-free': {
    sentence: 'AddAnyPortMapping reserves the requested port if it is free.',
    clause: 'WANIPConnection:2, 2.5.17 and figure 2-4',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { self } = bench;
      const { mappings } = yield* bench.connection();
      const wanted = mappings.propose();
      const answer = yield* mappings.tryAdd(wanted, self, ANY);
      yield* isPermitted(answer);
      const reserved = answer.values?.get('NewReservedPort')?.trim() ?? '';
      const isRight = reserved === String(wanted.NewExternalPort);
      yield* expectThat(isRight, `NewReservedPort ${wanted.NewExternalPort}`, answer.summary);
      yield* mappings.read(wanted);
    },
    mutant: {
      what: 'a free port is passed over',
      hooks: onAction(ANY, (call, proceed) =>
        held(call).length > 0
          ? proceed()
          : proceed(changed(call, 'NewExternalPort', number(call, 'NewExternalPort') + 1)),
      ),
    },
  },

  'wanip2/add-any-conflict': {
    sentence: 'AddAnyPortMapping reserves another port if another client holds the requested one.',
    clause: 'WANIPConnection:2, 2.5.17 and figure 2-4',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    needs: ['second-client'],
    async *check(bench) {
      const { self, second } = bench;
      if (second === null) return yield* notApplicable('a second client', 'there is no second client');
      const { mappings } = yield* bench.connection();
      const held = yield* mappings.add({}, second);
      const wanted = { ...held, NewInternalClient: self.address };
      const { values, summary } = yield* mappings.tryAdd(wanted, self, ANY);
      const reserved = Number(values?.get('NewReservedPort') ?? 0);
      const isOther = reserved > 0 && reserved !== held.NewExternalPort;
      yield* expectThat(isOther, `a port other than ${held.NewExternalPort}`, summary);
      const client = (yield* mappings.read({ ...wanted, NewExternalPort: reserved })).get('NewInternalClient') ?? '';
      yield* expectThat(client === self.address, `a mapping to ${self.address}`, `a mapping to ${client}`);
    },
    mutant: {
      what: 'a port of another client’s is refused with 718',
      hooks: refuses(ANY, 718, (call) => held(call).some(({ internalClient }) => internalClient !== call.caller)),
    },
  },

  'wanip2/add-any-same': {
    sentence: 'AddAnyPortMapping overwrites a mapping of the same client.',
    clause: 'WANIPConnection:2, 2.5.17 and figure 2-4',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { self } = bench;
      const { mappings } = yield* bench.connection();
      const first = yield* mappings.add();
      const wanted = { ...first, NewInternalPort: bench.ports.next() };
      const { values, summary } = yield* mappings.tryAdd(wanted, self, ANY);
      const reserved = values?.get('NewReservedPort')?.trim() ?? '';
      yield* expectThat(
        reserved === String(first.NewExternalPort),
        `NewReservedPort ${first.NewExternalPort}`,
        summary,
      );
      const port = (yield* mappings.read(wanted)).get('NewInternalPort') ?? '';
      yield* expectThat(port === String(wanted.NewInternalPort), `internal port ${wanted.NewInternalPort}`, port);
    },
    mutant: {
      what: 'a mapping of its own is made once more elsewhere',
      hooks: onAction(ANY, (call, proceed) =>
        held(call).some(({ internalClient }) => internalClient === call.caller)
          ? proceed(changed(call, 'NewExternalPort', number(call, 'NewExternalPort') + 1))
          : proceed(),
      ),
    },
  },

  'wanip2/lease-0-is-604800': {
    sentence: 'The gateway treats a lease of 0 as 604800 seconds.',
    clause: 'WANIPConnection:2, 2.3.16',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const wanted = mappings.propose({ NewLeaseDuration: 0 });
      const { values, summary } = yield* mappings.tryAdd(wanted);
      // It is the lease that is refused, if a mapping with another one is made.
      if (values === null) yield* mappings.add();
      yield* expectThat(values !== null, 'a mapping with a lease of 0', summary);
      const lease = (yield* mappings.read(wanted)).get('NewLeaseDuration') ?? '(absent)';
      const isAWeek = Number(lease) > LONGEST_LEASE - 60 && Number(lease) <= LONGEST_LEASE;
      yield* expectThat(isAWeek, `a lease of ${LONGEST_LEASE} seconds`, lease);
    },
    mutant: {
      what: 'a lease of 0 is an hour',
      hooks: onAction(ADD, (call, proceed) =>
        number(call, 'NewLeaseDuration') === 0 ? proceed(changed(call, 'NewLeaseDuration', 3_600)) : proceed(),
      ),
    },
  },

  'wanip2/no-724-727': {
    sentence:
      'The gateway does not use the errors 724 to 727 for different ports, finite leases, remote hosts and single external ports.',
    clause: 'WANIPConnection:2, 2.5.16 and 2.5.16.3: "services MUST NOT use those error codes"',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const variants: readonly Partial<MappingArguments>[] = [
        { NewInternalPort: bench.ports.next() },
        { NewLeaseDuration: 3_600 },
        { NewRemoteHost: '198.51.100.7' },
      ];
      for (const variant of variants) {
        const { code, summary } = yield* mappings.tryAdd(mappings.propose(variant));
        const isDeprecated = code !== null && code >= 724 && code <= 727;
        yield* expectThat(!isDeprecated, `none of 724 to 727 for ${JSON.stringify(variant)}`, summary);
      }
    },
    mutant: {
      what: 'a remote host is refused with 726',
      hooks: refuses(ADD, 726, (call) => text(call, 'NewRemoteHost') !== ''),
    },
  },

  'wanip2/int-port-0': {
    sentence: 'The gateway refuses internal port 0 with 732.',
    clause: 'WANIPConnection:2, 2.3.19 and table 2-40',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const wanted = mappings.propose({ NewInternalPort: 0 });
      const answer = yield* mappings.tryAdd(wanted);
      // 2.5.16.2: a gateway's policy is looked at "before processing the action request".
      if (answer.code === 606) yield* inconclusive('a policy that allows internal port 0', answer.summary);
      yield* expectFault(answer, 'AddPortMapping', [732]);
    },
    mutant: { what: 'internal port 0 is refused with 402', hooks: recoded(ADD, 732, 402) },
  },

  'wanip2/bad-protocol-601': {
    sentence: 'Every action with a protocol argument refuses a protocol other than TCP and UDP with 601.',
    clause: 'WANIPConnection:2, 2.5.15.2, 2.5.16.2 and 2.5.18.2; UDA 1.1, 3: "601 Argument Value Out of Range"',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { connection, mappings } = yield* bench.connection();
      const port = bench.ports.next();
      const key = { NewRemoteHost: '', NewExternalPort: port, NewProtocol: NO_SUCH_PROTOCOL };
      const range = { NewStartPort: port, NewEndPort: port, NewProtocol: NO_SUCH_PROTOCOL, NewManage: 0 };
      yield* connection.refuse('GetSpecificPortMappingEntry', key, [601]);
      yield* connection.refuse('GetListOfPortMappings', { ...range, NewNumberOfPorts: 0 }, [601]);
      for (const action of ['AddPortMapping', ANY] as const) {
        const wanted = mappings.propose({ NewProtocol: NO_SUCH_PROTOCOL });
        const answer = yield* mappings.tryAdd(wanted, bench.self, action);
        yield* isPermitted(answer);
        yield* expectFault(answer, action, [601]);
      }
      // Of a gateway that takes it for another protocol.
      yield* mappings.areNone([port]);
      for (const [action, named] of [
        ['DeletePortMapping', key],
        ['DeletePortMappingRange', range],
      ] as const) {
        const answer = yield* connection.call(action, named);
        yield* isPermitted(answer);
        yield* expectFault(answer, action, [601]);
      }
    },
    mutant: { what: 'SCTP can’t be read: 402', hooks: recoded(SPECIFIC, 601, 402) },
  },

  'wanip2/events': {
    sentence: 'When a mapping is added, one event message reports SystemUpdateID and PortMappingNumberOfEntries.',
    clause: 'WANIPConnection:2, 2.4.4 and 2.4.5',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    needs: ['events'],
    async *check(bench) {
      const { mappings } = yield* bench.connection();
      const { sid, response, next } = yield* given(bench.subscribe());
      if (sid === null) yield* inconclusive('a subscription', `HTTP ${response.status}`);
      yield* given(next(() => true, 5_000));
      yield* mappings.add();
      const wanted = ['SystemUpdateID', 'PortMappingNumberOfEntries'];
      const event = yield* next(
        ({ seq, properties }) => seq !== '0' && wanted.some((name) => properties.has(name)),
        5_000,
      );
      const absent = wanted.filter((name) => !event.properties.has(name));
      yield* expectThat(
        absent.length === 0,
        `${wanted.join(' and ')} in one event`,
        `an event without ${absent.join()}`,
      );
    },
    mutant: {
      what: 'the number of mappings is not evented with the rest',
      hooks: rewritesEvents((request) => {
        const isFirst = request.headers.some(([name, value]) => name === 'SEQ' && value === '0');
        const body = new TextDecoder().decode(request.body);
        const rest = body.replace(/<e:property><PortMappingNumberOfEntries>.*?<\/e:property>/, '');
        return isFirst ? request : { ...request, body: UTF8.encode(rest) };
      }),
    },
  },
};
