/** What a connection tells of itself and of its mappings. */
import { expectThat, inconclusive, missed } from '../shortfall.ts';
import type { Cases } from './case.ts';
import { CONNECTION_STATES, CONNECTION_TYPES, isAddress, isBoolean, isUi2, isUi4, isWord } from './vocabulary.ts';

/** Entries of the table at most that are looked at one by one. */
const LONGEST_WALK = 512;

export const WAN_IP_READ_CASES: Cases = {
  async *'wanip/status-info'(bench) {
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

  async *'wanip/connection-type-info'(bench) {
    const { connection } = yield* bench.connection();
    const values = yield* connection.succeed('GetConnectionTypeInfo');
    const words = CONNECTION_TYPES[connection.name];
    const type = values.get('NewConnectionType') ?? '';
    yield* expectThat(isWord(type, words), `a ConnectionType of ${connection.name}`, `"${type}"`);
    const possible = values.get('NewPossibleConnectionTypes') ?? '';
    const areWords = possible.split(',').every((one) => isWord(one.trim(), words));
    yield* expectThat(areWords, `ConnectionTypes of ${connection.name}, between commas`, `"${possible}"`);
  },

  async *'wanip/nat-rsip'(bench) {
    const { connection } = yield* bench.connection();
    const values = yield* connection.succeed('GetNATRSIPStatus');
    for (const name of ['NewRSIPAvailable', 'NewNATEnabled']) {
      const value = values.get(name);
      yield* expectThat(isBoolean(value), `${name} with 0 or 1`, `"${value ?? '(absent)'}"`);
    }
  },

  async *'wanip/external-ip'(bench) {
    const { connection } = yield* bench.connection();
    const address = (yield* connection.succeed('GetExternalIPAddress')).get('NewExternalIPAddress');
    if (address === undefined) return yield* missed('NewExternalIPAddress', 'an answer without an address');
    // A gateway that does not know its own says nothing (2.3.13).
    yield* expectThat(address === '' || isAddress(address), 'an IPv4 address or an empty string', `"${address}"`);
  },

  async *'wanip/generic-walk'(bench) {
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

  async *'wanip/specific-unknown-714'(bench) {
    const { connection } = yield* bench.connection();
    const key = { NewRemoteHost: '', NewExternalPort: bench.ports.next(), NewProtocol: 'TCP' };
    yield* connection.refuse('GetSpecificPortMappingEntry', key, [714]);
  },
};
