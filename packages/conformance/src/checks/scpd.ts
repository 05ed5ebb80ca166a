/** The connection's service description, held against the specification's tables. */
import { type Mutant, rewrites, isFor } from '../mutants/mutant.ts';
import { wanIpConnection } from '@portwright/core';
import { ok, type Result } from '@portwright/core/result';
import type { Bench } from '../bench/bench.ts';
import { expectThat, inconclusive, type Shortfall } from '../shortfall.ts';
import { childOf, textOf } from '../wire/xml-queries.ts';
import type { XmlElement } from '../wire/xml.ts';
import type { Checks } from './check.ts';

/** WANIPConnection:1, 2.4: required there, in version 2 and in WANPPPConnection:1. */
const REQUIRED_ACTIONS = [
  'SetConnectionType',
  'GetConnectionTypeInfo',
  'RequestConnection',
  'ForceTermination',
  'GetStatusInfo',
  'GetNATRSIPStatus',
  'GetGenericPortMappingEntry',
  'GetSpecificPortMappingEntry',
  'AddPortMapping',
  'DeletePortMapping',
  'GetExternalIPAddress',
];

/** WANIPConnection:2, table 2-10. */
const REQUIRED_ACTIONS_2 = [
  ...REQUIRED_ACTIONS,
  'AddAnyPortMapping',
  'DeletePortMappingRange',
  'GetListOfPortMappings',
];

/** WANIPConnection:2, table 2-9. */
const EVENTED = [
  'PossibleConnectionTypes',
  'ConnectionStatus',
  'ExternalIPAddress',
  'PortMappingNumberOfEntries',
  'SystemUpdateID',
];
const NOT_EVENTED = [
  'ConnectionType',
  'Uptime',
  'LastConnectionError',
  'AutoDisconnectTime',
  'IdleDisconnectTime',
  'WarnDisconnectDelay',
  'RSIPAvailable',
  'NATEnabled',
  'PortMappingEnabled',
  'PortMappingLeaseDuration',
  'RemoteHost',
  'ExternalPort',
  'InternalPort',
  'PortMappingProtocol',
  'InternalClient',
  'PortMappingDescription',
  'A_ARG_TYPE_Manage',
  'A_ARG_TYPE_PortListing',
];

const inScpd = (rewrite: (text: string) => string): NonNullable<Mutant['hooks']> =>
  rewrites(isFor('scpd', 'WANIPConn1'), rewrite);

export const SCPD_CHECKS: Checks = {
  'scpd/required-actions': {
    sentence: 'The SCPD of the connection service lists every required action: 11 in version 1, 14 in version 2.',
    clause: 'WANIPConnection:2, table 2-10; WANIPConnection:1 and WANPPPConnection:1, 2.4 (Actions)',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2', 'WANPPPConnection:1'],
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const names = (yield* await actionsOf(bench)).map((action) => textOf(action, 'name'));
      const required = connection.version >= 2 ? REQUIRED_ACTIONS_2 : REQUIRED_ACTIONS;
      const absent = required.filter((name) => !names.includes(name));
      yield* expectThat(absent.length === 0, `${required.length} required actions`, `no ${absent.join(', ')}`);
    },
    mutant: { what: 'ForceTermination is missing', options: { omittedActions: ['ForceTermination'] } },
  },

  'scpd/args': {
    sentence:
      'The actions in the SCPD of the connection service have the specified arguments: names, directions and order.',
    clause: 'WANIPConnection:2, tables 2-12 to 2-49; WANIPConnection:1, 2.4.1 to 2.4.18',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:1', 'WANIPConnection:2', 'WANPPPConnection:1'],
    async *check(bench) {
      const declared: Readonly<Record<string, { readonly in: object; readonly out: object }>> = wanIpConnection.actions;
      for (const action of yield* await actionsOf(bench)) {
        const name = textOf(action, 'name') ?? '';
        const declaration = declared[name];
        if (declaration === undefined) continue;
        const expected = [
          ...Object.keys(declaration.in).map((argument) => `in ${argument}`),
          ...Object.keys(declaration.out).map((argument) => `out ${argument}`),
        ];
        const actual = argumentsOf(action);
        yield* expectThat(
          expected.join() === actual.join(),
          `${name} with ${expected.join(', ') || 'no arguments'}`,
          actual.join(', ') || 'no arguments',
        );
      }
    },
    mutant: {
      what: 'an argument has lost its New',
      hooks: inScpd((text) => text.replace('<name>NewInternalClient</name>', '<name>InternalClient</name>')),
    },
  },

  'scpd/evented-vars': {
    sentence:
      'Of the standard variables, exactly five are evented: PossibleConnectionTypes, ConnectionStatus, ExternalIPAddress, PortMappingNumberOfEntries and SystemUpdateID.',
    clause: 'WANIPConnection:2, table 2-9',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPConnection:2'],
    async *check(bench) {
      const { root } = yield* bench.scpd();
      const evented = eventedVariables(root);
      const absent = EVENTED.filter((name) => !evented.includes(name));
      const extra = NOT_EVENTED.filter((name) => evented.includes(name));
      const actual = [...absent.map((name) => `not ${name}`), ...extra.map((name) => `also ${name}`)];
      yield* expectThat(actual.length === 0, `${EVENTED.join(', ')} evented`, actual.join(', '));
    },
    mutant: {
      what: 'SystemUpdateID is not evented',
      hooks: inScpd((text) =>
        text.replace('sendEvents="yes"><name>SystemUpdateID', 'sendEvents="no"><name>SystemUpdateID'),
      ),
    },
  },
};

async function actionsOf(bench: Bench): Promise<Result<readonly XmlElement[], Shortfall>> {
  const scpd = await bench.scpd();
  return scpd.andThen(({ root }) => {
    const actions = childOf(root, 'actionList')?.children.filter(({ name }) => name === 'action') ?? [];
    return actions.length === 0 ? inconclusive('an SCPD with actions', `<${root.name}> without actions`) : ok(actions);
  });
}

/** `in NewRemoteHost`, in the order of the document. */
function argumentsOf(action: XmlElement): readonly string[] {
  const list = childOf(action, 'argumentList')?.children ?? [];
  return list.map((argument) => `${textOf(argument, 'direction') ?? ''} ${textOf(argument, 'name') ?? ''}`);
}

/** UDA 1.0, 2.3: `sendEvents` is yes where it is absent. */
export function eventedVariables(scpd: XmlElement): readonly string[] {
  const variables = childOf(scpd, 'serviceStateTable')?.children ?? [];
  const evented = variables.filter(({ attributes }) => attributes.get('sendEvents')?.trim().toLowerCase() !== 'no');
  return evented.map((variable) => textOf(variable, 'name') ?? '');
}
