import { simulateGateway } from '@portwright/transport-mock';
import { expect, test } from 'vitest';
import type { TableEntry } from '../bench/mapping-table.ts';
import type { ServiceUnderTest } from '../bench/service-under-test.ts';
import { waysToDelete } from './ways-to-delete.ts';

const { transport } = simulateGateway();
const SELF = { transport, address: '192.168.1.2' };
const SECOND = { transport, address: '192.168.1.3' };

function entry(changes: Partial<TableEntry>): TableEntry {
  const port = { externalPort: 41_234, internalPort: 41_234, internalClient: SELF.address };
  return { remoteHost: '', protocol: 'TCP', isEnabled: true, description: '', ...port, ...changes };
}

/** Every request that the ways make, in short: the action, what it deletes, and who asks. */
function requests(own: TableEntry, others: readonly TableEntry[], version = 2): readonly string[] {
  const asked: string[] = [];
  const call = (action: string, values: Readonly<Record<string, unknown>>, { from = SELF } = {}): Promise<void> => {
    const { NewProtocol, NewExternalPort = values['NewStartPort'] } = values;
    asked.push(`${action} "${String(NewProtocol)}" ${String(NewExternalPort)} by ${from.address}`);
    return Promise.resolve();
  };
  const service = { version, call } as unknown as ServiceUnderTest;
  for (const attempt of waysToDelete(service, { self: SELF, second: SECOND }, own, others)) void attempt();
  return asked;
}

test('a mapping with a protocol that there is, is deleted as that, by each host', () => {
  expect(requests(entry({ internalClient: SECOND.address }), [])).toEqual([
    'DeletePortMapping "TCP" 41234 by 192.168.1.3',
    'DeletePortMapping "TCP" 41234 by 192.168.1.2',
    'DeletePortMappingRange "TCP" 41234 by 192.168.1.3',
  ]);
});

test('version 1 has no ranges', () => {
  expect(requests(entry({}), [], 1).join()).not.toContain('Range');
});

test('no way reaches a mapping of somebody else on the same port', () => {
  const asked = requests(entry({ protocol: '' }), [
    entry({ protocol: 'TCP' }),
    entry({ externalPort: 1, protocol: 'UDP' }),
  ]);
  expect(asked).toEqual([
    'DeletePortMapping "" 41234 by 192.168.1.2',
    'DeletePortMapping "" 41234 by 192.168.1.3',
    'DeletePortMapping "SCTP" 41234 by 192.168.1.2',
    'DeletePortMapping "UDP" 41234 by 192.168.1.2',
    'DeletePortMappingRange "UDP" 41234 by 192.168.1.2',
  ]);
});

test('a range is not deleted where somebody else has the port for one remote host', () => {
  expect(requests(entry({}), [entry({ remoteHost: '5.5.5.5' })]).join()).not.toContain('Range');
});
