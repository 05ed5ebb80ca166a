/** What WANIPConnection:2 does with ranges of ports, and with permissions. */
import { onAction, refusal, rewrites, number, recoded } from '../mutants/mutant.ts';
import { err, ok, type Result } from '@portwright/core/result';
import type { MappingArguments } from '../bench/mappings.ts';
import { expectFault, type ServiceUnderTest } from '../bench/service-under-test.ts';
import { expectThat, given, missed, notApplicable, type Shortfall } from '../shortfall.ts';
import { readXml, type XmlElement } from '../wire/xml.ts';
import type { Checks } from './check.ts';
import { isBoolean, isPermitted, isUi2, isUi4 } from './vocabulary.ts';

const LIST = 'GetListOfPortMappings';
/** Rows that every gateway can list. */
const SAFE_ROWS = 128;
const FIRST_PORT = 1_024;
/** 2.3.25.1: the schema's namespace. */
const LISTING = 'urn:schemas-upnp-org:gw:WANIPConnection';

const SPECIFIC = 'GetSpecificPortMappingEntry';

export const WAN_IP_2_RANGE_CHECKS: Checks = {
  'wanip2/list-range': {
    sentence: 'GetListOfPortMappings returns a PortMappingList that is valid by its schema.',
    clause: 'WANIPConnection:2, 2.3.25.1 and 2.5.21',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { connection, mappings } = yield* bench.connection();
      let unlisted: Shortfall | null = null;
      let listings = 0;
      for (const protocol of ['TCP', 'UDP']) {
        // So that there is something to be listed. Where none can be made, what others have made will do.
        const made = bench.permissions.write ? await mappings.add({ NewProtocol: protocol }) : NOT_MADE;
        const range = yield* await rangeToList(connection, protocol, made);
        const asked = { ...range, NewProtocol: protocol, NewManage: 1, NewNumberOfPorts: 0 };
        const { values, code, summary } = yield* connection.call(LIST, asked);
        if (code === 730 && made.isErr()) {
          unlisted = made.error;
          continue;
        }
        listings += 1;
        if (values === null) return yield* missed('a listing', summary);
        const listing = readXml(values.get('NewPortListing') ?? '');
        if (listing.isErr()) return yield* missed('a PortMappingList', listing.error);
        const wrong = wrongIn(listing.value.root);
        yield* expectThat(wrong === null, 'a PortMappingList that is valid by its schema', wrong ?? '');
      }
      if (listings === 0 && unlisted !== null) yield* err(unlisted);
    },
    mutant: {
      what: 'the listing is in another namespace',
      hooks: rewrites(
        ({ action }) => action === 'GetListOfPortMappings',
        (answer) =>
          answer
            .replaceAll('gw:WANIPConnection"', 'gw:WANIPConnection:2"')
            .replaceAll('gw:WANIPConnection&', 'gw:WANIPConnection:2&'),
      ),
    },
  },

  'wanip2/range-empty-730': {
    sentence: 'GetListOfPortMappings and DeletePortMappingRange answer 730 for a range without mappings.',
    clause: 'WANIPConnection:2, 2.5.19.2 and 2.5.21.3',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { connection, mappings } = yield* bench.connection();
      const first = bench.ports.range(3);
      const range = { NewStartPort: first, NewEndPort: first + 2, NewProtocol: 'TCP', NewManage: 0 };
      yield* connection.refuse(LIST, { ...range, NewNumberOfPorts: 0 }, [730]);
      yield* mappings.areNone([first, first + 1, first + 2]);
      const answer = yield* connection.call('DeletePortMappingRange', range);
      yield* isPermitted(answer);
      yield* expectFault(answer, 'DeletePortMappingRange', [730]);
    },
    mutant: {
      what: 'an empty range gives an empty list',
      options: { refusals: { emptyListing: 'ignored' } },
    },
  },

  'wanip2/range-inverted-733': {
    sentence: 'The gateway answers a range that ends before it begins with 733.',
    clause: 'WANIPConnection:2, table 2-50',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const first = bench.ports.range(2);
      const range = { NewStartPort: first + 1, NewEndPort: first, NewProtocol: 'TCP', NewManage: 0 };
      yield* connection.refuse(LIST, { ...range, NewNumberOfPorts: 0 }, [733]);
    },
    mutant: {
      what: 'a range the wrong way round is empty',
      hooks: recoded('GetListOfPortMappings', 733, 730),
    },
  },

  'wanip2/delete-range': {
    sentence: 'DeletePortMappingRange with NewManage 0 deletes only the mappings of the caller.',
    clause: 'WANIPConnection:2, 2.5.19',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPConnection:2'],
    needs: ['second-client'],
    async *check(bench) {
      const { second } = bench;
      if (second === null) return yield* notApplicable('a second client', 'there is no second client');
      const { connection, mappings } = yield* bench.connection();
      const first = bench.ports.range(2);
      const own = yield* mappings.add({ NewExternalPort: first });
      const others = yield* mappings.add({ NewExternalPort: first + 1 }, second);
      const range = { NewStartPort: first, NewEndPort: first + 1, NewProtocol: 'TCP', NewManage: 0 };
      yield* connection.succeed('DeletePortMappingRange', range);
      const left = yield* connection.call('GetSpecificPortMappingEntry', keyOf(own.NewExternalPort));
      yield* expectThat(left.values === null, 'the mapping of the caller deleted', left.summary);
      const kept = keyOf(others.NewExternalPort);
      const { values, summary } = yield* connection.call('GetSpecificPortMappingEntry', kept, { from: second });
      yield* expectThat(values !== null, 'the mapping of the other client kept', summary);
    },
    mutant: {
      what: 'NewManage 0 deletes everybody’s mappings',
      hooks: onAction('DeletePortMappingRange', (call, proceed) => {
        const { mappings } = call.gateway.connection;
        return proceed().map((values) => {
          mappings.remove(mappings.inRange(number(call, 'NewStartPort'), number(call, 'NewEndPort'), 'TCP'));
          return values;
        });
      }),
    },
  },

  'wanip2/unauthorized-606': {
    sentence:
      'The gateway refuses a read without permission with 606; without a connection, the external address is empty.',
    clause: 'WANIPConnection:2, 2.3.13 and 2.5.15.2',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { connection } = yield* bench.connection();
      // The recommended policy knows no external ports below 1024 (2.5.15.2); one without it has a mapping here or none.
      const { values, code, summary } = yield* connection.call('GetSpecificPortMappingEntry', keyOf(80));
      const isAllowed = values !== null || code === 714 || code === 606;
      yield* expectThat(isAllowed, 'a mapping of port 80, 714, or 606', summary);
      const status = (yield* given(connection.succeed('GetStatusInfo'))).get('NewConnectionStatus') ?? '';
      const address = (yield* given(connection.succeed('GetExternalIPAddress'))).get('NewExternalIPAddress') ?? '';
      const isDown = status === 'Disconnected' || status === 'Unconfigured';
      yield* expectThat(!isDown || address === '', `no external address while ${status}`, address);
    },
    mutant: {
      what: 'a port below 1024 is answered with 501',
      hooks: onAction(SPECIFIC, (call, proceed) =>
        number(call, 'NewExternalPort') < 1_024 ? refusal(501) : proceed(),
      ),
    },
  },
};

const NOT_MADE = notApplicable('a mapping to be listed', 'there is no mapping, and this run only reads');

interface ListedRange {
  readonly NewStartPort: number;
  readonly NewEndPort: number;
}

/**
 * What to list: everything, or, where the table is long, one port of it. miniupnpd 2.3.1 on nftables has room for 128 ports
 * in a listing, writes beyond it, and ends.
 */
async function rangeToList(
  connection: ServiceUnderTest,
  protocol: string,
  made: Result<MappingArguments, Shortfall>,
): Promise<Result<ListedRange, Shortfall>> {
  const at = (index: number): ReturnType<ServiceUnderTest['call']> =>
    connection.call('GetGenericPortMappingEntry', { NewPortMappingIndex: index });
  const beyond = await at(SAFE_ROWS);
  if (beyond.isErr()) return err(beyond.error);
  // The recommended policy knows no ports below 1024 (2.5.21.3).
  if (beyond.value.values === null) return ok({ NewStartPort: FIRST_PORT, NewEndPort: 65_535 });
  let port = made.isOk() ? made.value.NewExternalPort : FIRST_PORT;
  for (let index = 0; made.isErr() && index < SAFE_ROWS; index += 1) {
    const entry = await at(index);
    if (entry.isErr()) return err(entry.error);
    const { values } = entry.value;
    const isMeant = values?.get('NewProtocol') === protocol && Number(values.get('NewExternalPort')) >= FIRST_PORT;
    if (isMeant) port = Number(values.get('NewExternalPort'));
    if (isMeant) break;
  }
  return ok({ NewStartPort: port, NewEndPort: port });
}

function keyOf(port: number): Readonly<Record<string, string | number>> {
  return { NewRemoteHost: '', NewExternalPort: port, NewProtocol: 'TCP' };
}

type Field = readonly [name: string, isValid: (text: string) => boolean];

/** 2.3.25.1.1: the fields of a PortMappingEntry, in the schema's order. */
const FIELDS: readonly Field[] = [
  ['NewRemoteHost', () => true],
  ['NewExternalPort', isUi2],
  ['NewProtocol', (text) => text === 'TCP' || text === 'UDP'],
  ['NewInternalPort', isUi2],
  ['NewInternalClient', (text) => text !== ''],
  ['NewEnabled', isBoolean],
  ['NewDescription', () => true],
  ['NewLeaseTime', isUi4],
];

/** Why a document is no PortMappingList; null: it is one. */
function wrongIn({ name, namespace, children }: XmlElement): string | null {
  if (name !== 'PortMappingList' || namespace !== LISTING) return `<${name}> in ${namespace}`;
  for (const entry of children) {
    if (entry.name !== 'PortMappingEntry' || entry.namespace !== LISTING)
      return `<${entry.name}> in ${entry.namespace}`;
    const names = entry.children.map((field) => field.name).join(', ');
    if (names !== FIELDS.map(([field]) => field).join(', ')) return `an entry of ${names}`;
    const wrong = entry.children.find(
      (field, index) => field.namespace !== LISTING || FIELDS[index]?.[1](field.text) !== true,
    );
    if (wrong !== undefined) return `<${wrong.name}> in ${wrong.namespace} with "${wrong.text}"`;
  }
  return null;
}
