/** What a connection tells of itself and of its mappings. */
import { answersWith } from '../mutants/mutant.ts';
import { expectThat, inconclusive, missed } from '../shortfall.ts';
import type { Checks } from './check.ts';
import { CONNECTION_STATES, CONNECTION_TYPES, isAddress, isBoolean, isUi2, isUi4, isWord } from './vocabulary.ts';

/** Entries of the table at most that are looked at one by one. */
const LONGEST_WALK = 512;

export const WAN_IP_READ_CHECKS: Checks = {
  'wanip/status-info': {
    sentence: 'GetStatusInfo returns a valid ConnectionStatus, and an uptime in seconds.',
    clause: 'WANIPConnection:1, GetStatusInfo; WANIPConnection:2, 2.5.9 and table 2-4',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const values = yield* connection.succeed('GetStatusInfo');
      const [status, uptime] = [values.get('NewConnectionStatus') ?? '', values.get('NewUptime') ?? ''];
      yield* expectThat(
        isWord(status, CONNECTION_STATES[connection.name]),
        `a ConnectionStatus of ${connection.name}`,
        `"${status}"`,
      );
      yield* expectThat(isUi4(uptime), 'an uptime in seconds', `"${uptime}"`);
    },
    mutant: { what: 'the status is "Online"', options: { reports: { connectionStatus: 'Online' } } },
  },

  'wanip/connection-type-info': {
    sentence: 'GetConnectionTypeInfo returns a valid ConnectionType, and a list of such types.',
    clause: 'WANIPConnection:1, GetConnectionTypeInfo; WANIPConnection:2, 2.5.2 and table 2-3',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const values = yield* connection.succeed('GetConnectionTypeInfo');
      const words = CONNECTION_TYPES[connection.name];
      const type = values.get('NewConnectionType') ?? '';
      yield* expectThat(isWord(type, words), `a ConnectionType of ${connection.name}`, `"${type}"`);
      const possible = values.get('NewPossibleConnectionTypes') ?? '';
      const areWords = possible.split(',').every((one) => isWord(one.trim(), words));
      yield* expectThat(areWords, `ConnectionTypes of ${connection.name}, between commas`, `"${possible}"`);
    },
    mutant: {
      what: 'the type is "Routed"',
      hooks: answersWith('GetConnectionTypeInfo', { NewConnectionType: 'Routed' }),
    },
  },

  'wanip/nat-rsip': {
    sentence: 'GetNATRSIPStatus returns two booleans.',
    clause: 'WANIPConnection:1, GetNATRSIPStatus; WANIPConnection:2, 2.5.13',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const values = yield* connection.succeed('GetNATRSIPStatus');
      for (const name of ['NewRSIPAvailable', 'NewNATEnabled']) {
        const value = values.get(name);
        yield* expectThat(isBoolean(value), `${name} with 0 or 1`, `"${value ?? '(absent)'}"`);
      }
    },
    mutant: { what: 'NAT is "on"', hooks: answersWith('GetNATRSIPStatus', { NewNATEnabled: 'on' }) },
  },

  'wanip/external-ip': {
    sentence: 'GetExternalIPAddress returns an IPv4 address or an empty string.',
    clause: 'WANIPConnection:1, GetExternalIPAddress; WANIPConnection:2, 2.3.13 and 2.5.20',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const address = (yield* connection.succeed('GetExternalIPAddress')).get('NewExternalIPAddress');
      if (address === undefined) return yield* missed('NewExternalIPAddress', 'an answer without an address');
      // A gateway that does not know its own says nothing (2.3.13).
      yield* expectThat(address === '' || isAddress(address), 'an IPv4 address or an empty string', `"${address}"`);
    },
    mutant: {
      what: 'the external address has three numbers',
      hooks: answersWith('GetExternalIPAddress', { NewExternalIPAddress: '5.5.1' }),
    },
  },

  'wanip/generic-walk': {
    sentence: 'GetGenericPortMappingEntry returns entries from index 0 without a gap, and then 713.',
    clause: 'WANIPConnection:1, 2.4.14',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const action = 'GetGenericPortMappingEntry';
      for (let index = 0; index < LONGEST_WALK; index += 1) {
        const { values, code, summary } = yield* connection.call(action, { NewPortMappingIndex: index });
        if (values === null) {
          yield* expectThat(code === 713, `713 after the last entry, at index ${index}`, summary);
          yield* connection.refuse(action, { NewPortMappingIndex: index + 1 }, []);
          return;
        }
        const [port, protocol] = [values.get('NewExternalPort'), values.get('NewProtocol')];
        const isEntry = isUi2(port) && /^(?:TCP|UDP)$/.test(protocol ?? '');
        yield* expectThat(isEntry, `an entry at index ${index}`, summary);
      }
      yield* inconclusive(`an end within ${LONGEST_WALK} entries`, 'none');
    },
    mutant: { what: 'the table ends with 714', options: { refusals: { noSuchIndex: 714 } } },
  },

  'wanip/specific-unknown-714': {
    sentence: 'GetSpecificPortMappingEntry answers 714 for a mapping that does not exist.',
    clause: 'WANIPConnection:1, 2.4.15',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2'],
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const key = { NewRemoteHost: '', NewExternalPort: bench.ports.next(), NewProtocol: 'TCP' };
      yield* connection.refuse('GetSpecificPortMappingEntry', key, [714]);
    },
    mutant: {
      what: 'an unknown mapping is answered with 501',
      version: 1,
      options: { refusals: { noSuchEntry: 501 } },
    },
  },
};
