/** The connection's service description, held against the specification's tables. */
import { wanIpConnection } from '@portwright/core';
import { ok, type Result } from '@portwright/core/result';
import type { Bench } from '../bench/bench.ts';
import { expectThat, inconclusive, type Shortfall } from '../shortfall.ts';
import { childOf, textOf } from '../wire/xml-queries.ts';
import type { XmlElement } from '../wire/xml.ts';
import type { Cases } from './case.ts';

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

export const SCPD_CASES: Cases = {
  async *'scpd/required-actions'(bench) {
    const { connection } = yield* bench.connection();
    const names = (yield* await actionsOf(bench)).map((action) => textOf(action, 'name'));
    const required = connection.version >= 2 ? REQUIRED_ACTIONS_2 : REQUIRED_ACTIONS;
    const absent = required.filter((name) => !names.includes(name));
    yield* expectThat(absent.length === 0, `${required.length} required actions`, `no ${absent.join(', ')}`);
  },

  async *'scpd/args'(bench) {
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

  async *'scpd/evented-vars'(bench) {
    const { root } = yield* bench.scpd();
    const evented = eventedVariables(root);
    const absent = EVENTED.filter((name) => !evented.includes(name));
    const extra = NOT_EVENTED.filter((name) => evented.includes(name));
    const actual = [...absent.map((name) => `not ${name}`), ...extra.map((name) => `also ${name}`)];
    yield* expectThat(actual.length === 0, `${EVENTED.join(', ')} evented`, actual.join(', '));
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
