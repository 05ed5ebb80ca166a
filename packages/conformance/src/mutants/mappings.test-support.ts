import type { InterceptedCall } from '@portwright/transport-mock';
import {
  answersWith,
  bodyOf,
  type Mutant,
  onAction,
  onRequest,
  refusal,
  refuses,
  rewrites,
  rewritesEvents,
  success,
} from './mutant.test-support.ts';

const ADD = 'AddPortMapping';
const ANY = 'AddAnyPortMapping';
const DELETE = 'DeletePortMapping';
const SPECIFIC = 'GetSpecificPortMappingEntry';
const UTF8 = new TextEncoder();

const text = ({ args }: InterceptedCall, name: string): string => String(args.get(name) ?? '');
const number = ({ args }: InterceptedCall, name: string): number => Number(args.get(name));
const changed = (call: InterceptedCall, name: string, value: number): InterceptedCall => ({
  ...call,
  args: new Map([...call.args, [name, value]]),
});

/** Mappings of a TCP port, whoever holds them. */
const held = (call: InterceptedCall): readonly { readonly internalClient: string }[] =>
  call.gateway.connection.mappings.ofPort(number(call, 'NewExternalPort'), 'TCP');

const recoded = (action: string, from: number, to: number): NonNullable<Mutant['hooks']> =>
  rewrites(
    (context) => context.action === action,
    (answer) => answer.replace(`>${from}<`, `>${to}<`),
  );

/** Every finite lease is made a week, and told as what it should be: to its end, and then as its last second. */
const staysBeyondItsLease: NonNullable<Mutant['hooks']> = ({ now }) => {
  const ends = new Map<string, number>();
  const nameOf = (call: InterceptedCall): string => `${text(call, 'NewProtocol')} ${text(call, 'NewExternalPort')}`;
  return {
    action: (call, proceed) => {
      const lease = number(call, 'NewLeaseDuration');
      if (call.action === ADD && lease > 0) {
        return proceed(changed(call, 'NewLeaseDuration', 604_800)).map((values) => {
          ends.set(nameOf(call), now() + lease * 1_000);
          return values;
        });
      }
      const end = call.action === SPECIFIC ? ends.get(nameOf(call)) : undefined;
      if (end === undefined) return proceed();
      const left = Math.max(1, Math.ceil((end - now()) / 1_000));
      return proceed().map((values) => ({ ...values, NewLeaseDuration: left }));
    },
  };
};

export const WAN_IP_MUTANTS: Readonly<Record<string, Mutant>> = {
  'wanip/status-info': { what: 'the status is "Online"', options: { reports: { connectionStatus: 'Online' } } },
  'wanip/connection-type-info': {
    what: 'the type is "Routed"',
    hooks: answersWith('GetConnectionTypeInfo', { NewConnectionType: 'Routed' }),
  },
  'wanip/nat-rsip': { what: 'NAT is "on"', hooks: answersWith('GetNATRSIPStatus', { NewNATEnabled: 'on' }) },
  'wanip/external-ip': {
    what: 'the external address has three numbers',
    hooks: answersWith('GetExternalIPAddress', { NewExternalIPAddress: '5.5.1' }),
  },
  'wanip/add-then-get-specific': {
    what: 'every mapping reads as enabled',
    options: { reports: { isAlwaysEnabled: true } },
  },
  'wanip/add-tcp-and-udp': {
    what: 'deleting TCP deletes UDP, too',
    hooks: onAction(DELETE, (call, proceed) => {
      const { mappings } = call.gateway.connection;
      return proceed().map((values) => {
        mappings.remove(mappings.ofPort(number(call, 'NewExternalPort'), 'UDP'));
        return values;
      });
    }),
  },
  'wanip/add-same-overwrites': {
    what: 'a mapping that is there is refused to its own client',
    version: 1,
    options: { allowsRenewal: false },
  },
  'wanip/add-conflict-718': {
    what: 'a port of another client’s is refused with 501',
    version: 1,
    options: { refusals: { conflict: 501 } },
  },
  'wanip/add-lease': {
    what: 'a lease of more than a quarter of an hour is refused with 402',
    hooks: refuses(ADD, 402, (call) => number(call, 'NewLeaseDuration') > 900),
  },
  'wanip/lease-counts-down': {
    what: 'a lease counts down, and the mapping stays',
    hooks: staysBeyondItsLease,
  },
  'wanip/lease-0-permanent': {
    what: 'a permanent lease reads a week',
    version: 1,
    options: { reports: { permanentLease: 604_800 } },
  },
  'wanip/add-different-ports': {
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
  'wanip/add-remote-host': {
    what: 'a remote host is refused with 501',
    hooks: refuses(ADD, 501, (call) => text(call, 'NewRemoteHost') !== ''),
  },
  'wanip/add-ext-wildcard': { what: 'external port 0 is refused with 402', hooks: recoded(ADD, 716, 402) },
  'wanip/add-client-wildcard': { what: 'no internal client is refused with 501', hooks: recoded(ADD, 715, 501) },
  'wanip/add-foreign-client': {
    what: 'everybody maps to everybody',
    version: 1,
    options: { isSecure: false },
  },
  'wanip/add-bad-protocol': {
    what: 'every protocol but TCP is taken for UDP',
    version: 1,
    hooks: onRequest(
      ({ action }) => action === ADD,
      (context, proceed) => {
        const body = UTF8.encode(bodyOf(context).replace(/(<NewProtocol>)(?!TCP<)[^<]*/, '$1UDP'));
        return proceed({ ...context, request: { ...context.request, body } });
      },
    ),
  },
  'wanip/description-escaping': {
    what: 'a letter is lost',
    options: { reports: { inDescriptions: { ü: '?' } } },
  },
  'wanip/generic-walk': { what: 'the table ends with 714', options: { refusals: { noSuchIndex: 714 } } },
  'wanip/specific-unknown-714': {
    what: 'an unknown mapping is answered with 501',
    version: 1,
    options: { refusals: { noSuchEntry: 501 } },
  },
  'wanip/delete': {
    what: 'nothing is ever deleted',
    hooks: onAction(DELETE, (call, proceed) => (held(call).length > 0 ? success({}) : proceed())),
  },
  'wanip/delete-unknown-714': {
    what: 'deleting an unknown mapping is a success',
    options: { refusals: { nothingToDelete: 'ignored' } },
  },
  'wanip/capacity': {
    what: 'the eleventh mapping is refused with 402',
    options: { capacity: 10, refusals: { full: 402 } },
  },
  'wanip/traffic': {
    what: 'nothing gets through',
    hooks: () => ({ inbound: () => ({ inside: null, answers: [] }) }),
  },
};

export const WAN_IP_2_MUTANTS: Readonly<Record<string, Mutant>> = {
  'wanip2/add-any-free': {
    what: 'a free port is passed over',
    hooks: onAction(ANY, (call, proceed) =>
      held(call).length > 0
        ? proceed()
        : proceed(changed(call, 'NewExternalPort', number(call, 'NewExternalPort') + 1)),
    ),
  },
  'wanip2/add-any-conflict': {
    what: 'a port of another client’s is refused with 718',
    hooks: refuses(ANY, 718, (call) => held(call).some(({ internalClient }) => internalClient !== call.caller)),
  },
  'wanip2/add-any-same': {
    what: 'a mapping of its own is made once more elsewhere',
    hooks: onAction(ANY, (call, proceed) =>
      held(call).some(({ internalClient }) => internalClient === call.caller)
        ? proceed(changed(call, 'NewExternalPort', number(call, 'NewExternalPort') + 1))
        : proceed(),
    ),
  },
  'wanip2/lease-0-is-604800': {
    what: 'a lease of 0 is an hour',
    hooks: onAction(ADD, (call, proceed) =>
      number(call, 'NewLeaseDuration') === 0 ? proceed(changed(call, 'NewLeaseDuration', 3_600)) : proceed(),
    ),
  },
  'wanip2/no-724-727': {
    what: 'a remote host is refused with 726',
    hooks: refuses(ADD, 726, (call) => text(call, 'NewRemoteHost') !== ''),
  },
  'wanip2/int-port-0': { what: 'internal port 0 is refused with 402', hooks: recoded(ADD, 732, 402) },
  'wanip2/bad-protocol-601': { what: 'SCTP can’t be read: 402', hooks: recoded(SPECIFIC, 601, 402) },
  'wanip2/list-range': {
    what: 'the listing is in another namespace',
    hooks: rewrites(
      ({ action }) => action === 'GetListOfPortMappings',
      (answer) =>
        answer
          .replaceAll('gw:WANIPConnection"', 'gw:WANIPConnection:2"')
          .replaceAll('gw:WANIPConnection&', 'gw:WANIPConnection:2&'),
    ),
  },
  'wanip2/range-empty-730': {
    what: 'an empty range gives an empty list',
    options: { refusals: { emptyListing: 'ignored' } },
  },
  'wanip2/range-inverted-733': {
    what: 'a range the wrong way round is empty',
    hooks: recoded('GetListOfPortMappings', 733, 730),
  },
  'wanip2/delete-range': {
    what: 'NewManage 0 deletes everybody’s mappings',
    hooks: onAction('DeletePortMappingRange', (call, proceed) => {
      const { mappings } = call.gateway.connection;
      return proceed().map((values) => {
        mappings.remove(mappings.inRange(number(call, 'NewStartPort'), number(call, 'NewEndPort'), 'TCP'));
        return values;
      });
    }),
  },
  'wanip2/events': {
    what: 'the number of mappings is not evented with the rest',
    hooks: rewritesEvents((request) => {
      const isFirst = request.headers.some(([name, value]) => name === 'SEQ' && value === '0');
      const body = new TextDecoder().decode(request.body);
      const rest = body.replace(/<e:property><PortMappingNumberOfEntries>.*?<\/e:property>/, '');
      return isFirst ? request : { ...request, body: UTF8.encode(rest) };
    }),
  },
  'wanip2/unauthorized-606': {
    what: 'a port below 1024 is answered with 501',
    hooks: onAction(SPECIFIC, (call, proceed) => (number(call, 'NewExternalPort') < 1_024 ? refusal(501) : proceed())),
  },
};
