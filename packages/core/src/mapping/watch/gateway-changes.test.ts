import { expect, it } from 'vitest';
import type { ConnectionState } from '../../client/connection-state.ts';
import type { CallError } from '../../errors.ts';
import {
  afterEvent,
  afterLook,
  changesBetween,
  tableAfter,
  tableChanges,
  type EventedTable,
} from './gateway-changes.ts';
import { type GatewayChange } from '../port-mapper.ts';

const UP: ConnectionState = {
  status: 'Connected',
  connected: true,
  uptimeSeconds: 100,
  lastError: 'ERROR_NONE',
  externalAddress: '5.5.5.1',
  externalAddressClass: 'public',
  errors: [],
};
const DOWN = { status: 'Disconnected', connected: false, uptimeSeconds: null } as const;
const ERROR: CallError = { kind: 'transport', code: 'timeout', message: '' };

it.each<readonly [string, Readonly<Record<string, string>>, Partial<ConnectionState>]>([
  ['another variable', { SystemUpdateID: '7' }, {}],
  ['the same status', { ConnectionStatus: 'Connected' }, {}],
  ['a line that is down', { ConnectionStatus: 'Disconnected' }, DOWN],
  ['a word of TP-Link’s for connected', { ConnectionStatus: 'Up' }, { status: 'Up', uptimeSeconds: null }],
  ['a status that only begins so', { ConnectionStatus: 'Uptime' }, { ...DOWN, status: 'Uptime' }],
  ['a status that only ends so', { ConnectionStatus: 'NotConnected' }, { ...DOWN, status: 'NotConnected' }],
  [
    'another address',
    { ExternalIPAddress: '10.0.0.1' },
    { externalAddress: '10.0.0.1', externalAddressClass: 'private' },
  ],
  ['no address', { ExternalIPAddress: '' }, { externalAddress: null, externalAddressClass: 'invalid' }],
  ['both', { ExternalIPAddress: '5.5.5.9', ConnectionStatus: 'Disconnected' }, { ...DOWN, externalAddress: '5.5.5.9' }],
])('an event tells of %s', (_what, properties, changes) => {
  expect(afterEvent(UP, new Map(Object.entries(properties)))).toEqual({ ...UP, ...changes });
});

it('an event without a status leaves an unknown one unknown', () => {
  const unknown = { ...UP, ...DOWN, status: null };
  expect(afterEvent(unknown, new Map([['ExternalIPAddress', '5.5.5.1']]))).toEqual(unknown);
});

const UNTOLD = { status: null, connected: false } as const;
const NO_ADDRESS = { externalAddress: null, externalAddressClass: 'invalid' } as const;

it.each<readonly [string, Partial<ConnectionState>, Partial<ConnectionState>]>([
  ['another state', { ...DOWN, externalAddress: '5.5.5.9' }, { ...DOWN, externalAddress: '5.5.5.9' }],
  ['no status, by an error', { ...UNTOLD, errors: [ERROR] }, { errors: [ERROR] }],
  ['no status, without an error', UNTOLD, UNTOLD],
  ['another status beside an error', { ...DOWN, errors: [ERROR] }, { ...DOWN, errors: [ERROR] }],
  ['no address, by an error', { ...NO_ADDRESS, errors: [ERROR] }, { errors: [ERROR] }],
  ['no address, without an error', NO_ADDRESS, NO_ADDRESS],
  [
    'an unspecified address beside an error',
    { externalAddress: null, externalAddressClass: 'unspecified', errors: [ERROR] },
    { externalAddress: null, externalAddressClass: 'unspecified', errors: [ERROR] },
  ],
  ['neither, by errors', { ...UNTOLD, ...NO_ADDRESS, errors: [ERROR, ERROR] }, { errors: [ERROR, ERROR] }],
])('a poll tells of %s', (_what, answered, changes) => {
  expect(afterLook(UP, { ...UP, uptimeSeconds: 200, ...answered })).toEqual({ ...UP, uptimeSeconds: 200, ...changes });
});

it.each<readonly [string, Partial<ConnectionState>, readonly GatewayChange[]]>([
  ['nothing', {}, []],
  ['an uptime', { uptimeSeconds: 7 }, []],
  [
    'an address',
    { externalAddress: '10.0.0.1', externalAddressClass: 'private' },
    [{ kind: 'externalAddress', address: '10.0.0.1', addressClass: 'private', source: 'poll' }],
  ],
  ['a status', DOWN, [{ kind: 'connection', status: 'Disconnected', connected: false, source: 'poll' }]],
])('the difference of two states: %s', (_what, changes, expected) => {
  expect(changesBetween(UP, { ...UP, ...changes }, 'poll')).toEqual(expected);
});

const TABLE: EventedTable = { entries: '3', updateId: '70' };

it.each<readonly [string, EventedTable | null, Readonly<Record<string, string>>, EventedTable]>([
  ['the first event', null, { PortMappingNumberOfEntries: '3', SystemUpdateID: '70' }, TABLE],
  ['an event without the table', null, {}, { entries: undefined, updateId: undefined }],
  ['another number', TABLE, { PortMappingNumberOfEntries: '4' }, { entries: '4', updateId: '70' }],
  ['another update', TABLE, { SystemUpdateID: '71' }, { entries: '3', updateId: '71' }],
])('the table after %s', (_what, before, properties, expected) => {
  expect(tableAfter(before, new Map(Object.entries(properties)))).toEqual(expected);
});

it.each<readonly [string, Partial<EventedTable>, readonly (number | null)[]]>([
  ['the same', {}, []],
  ['another number', { entries: '12' }, [12]],
  ['another update of as many', { updateId: '71' }, [3]],
  ['no number', { entries: undefined }, [null]],
  ['a text', { entries: '4 entries' }, [null]],
  ['a text that ends with a number', { entries: 'about 4' }, [null]],
])('a change of the table: %s', (_what, changes, entries) => {
  expect(tableChanges(TABLE, { ...TABLE, ...changes })).toEqual(
    entries.map((count) => ({ kind: 'mappings', entries: count, source: 'event' })),
  );
});
