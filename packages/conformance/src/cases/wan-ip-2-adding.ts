/** What WANIPConnection:2 adds to the making of mappings. */
import type { AddAction, MappingArguments } from '../bench/mappings.ts';
import { expectFault } from '../bench/service-under-test.ts';
import { expectThat, given, inconclusive, notApplicable } from '../shortfall.ts';
import type { Cases } from './case.ts';
import { isPermitted } from './vocabulary.ts';
import { NO_SUCH_PROTOCOL } from './wan-ip-refusals.ts';

const ANY: AddAction = 'AddAnyPortMapping';
/** 2.3.16: the longest lease, a week. */
const LONGEST_LEASE = 604_800;

export const WAN_IP_2_ADDING_CASES: Cases = {
  async *'wanip2/add-any-free'(bench) {
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

  async *'wanip2/add-any-conflict'(bench) {
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

  async *'wanip2/add-any-same'(bench) {
    const { self } = bench;
    const { mappings } = yield* bench.connection();
    const first = yield* mappings.add();
    const wanted = { ...first, NewInternalPort: bench.ports.next() };
    const { values, summary } = yield* mappings.tryAdd(wanted, self, ANY);
    const reserved = values?.get('NewReservedPort')?.trim() ?? '';
    yield* expectThat(reserved === String(first.NewExternalPort), `NewReservedPort ${first.NewExternalPort}`, summary);
    const port = (yield* mappings.read(wanted)).get('NewInternalPort') ?? '';
    yield* expectThat(port === String(wanted.NewInternalPort), `internal port ${wanted.NewInternalPort}`, port);
  },

  async *'wanip2/lease-0-is-604800'(bench) {
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

  async *'wanip2/no-724-727'(bench) {
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

  async *'wanip2/int-port-0'(bench) {
    const { mappings } = yield* bench.connection();
    const wanted = mappings.propose({ NewInternalPort: 0 });
    const answer = yield* mappings.tryAdd(wanted);
    // 2.5.16.2: a gateway's policy is looked at "before processing the action request".
    if (answer.code === 606) yield* inconclusive('a policy that allows internal port 0', answer.summary);
    yield* expectFault(answer, 'AddPortMapping', [732]);
  },

  async *'wanip2/bad-protocol-601'(bench) {
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

  async *'wanip2/events'(bench) {
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
    yield* expectThat(absent.length === 0, `${wanted.join(' and ')} in one event`, `an event without ${absent.join()}`);
  },
};
