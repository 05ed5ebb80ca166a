import {
  answersWith,
  bodyOf,
  headerOf,
  isFor,
  type Mutant,
  onRequest,
  plain,
  rewrites,
  rewritesEvents,
  withBody,
} from './mutant.test-support.ts';

const isControl = isFor('control');
const isEvent = isFor('event');
const READ = 'GetExternalIPAddress';
const GENERIC = 'GetGenericPortMappingEntry';

export const SOAP_MUTANTS: Readonly<Record<string, Mutant>> = {
  'soap/response-name-ns': {
    what: 'answers are in the namespace of version 1',
    options: { answers: { namespace: 'urn:schemas-upnp-org:service:WANIPConnection:1' } },
  },
  'soap/fault-http-500': {
    what: 'faults come with 200',
    hooks: onRequest(isControl, (_context, proceed) => {
      const answer = proceed();
      return answer.status === 500 ? { ...answer, status: 200 } : answer;
    }),
  },
  'soap/fault-shape': {
    what: 'faults have faultCode and faultString',
    options: { answers: { faultElements: ['faultCode', 'faultString'] } },
  },
  'soap/fault-401-invalid-action': {
    what: 'unknown actions are answered with 501',
    hooks: rewrites(
      ({ action }) => action?.startsWith('X_') === true,
      (text) => text.replace('>401<', '>501<'),
    ),
  },
  'soap/fault-402-missing-arg': {
    what: 'a missing argument is answered with 501',
    hooks: rewrites(
      (context) => context.action === GENERIC && !bodyOf(context).includes('NewPortMappingIndex'),
      (text) => text.replace('>402<', '>501<'),
    ),
  },
  'soap/fault-402-bad-type': {
    what: 'an index that is no number is taken for 0',
    hooks: onRequest(
      (context) => context.action === GENERIC,
      (context, proceed) => {
        const text = bodyOf(context).replace(/(<NewPortMappingIndex>)\s*[^\d\s<][^<]*/, '$10');
        const body = new TextEncoder().encode(text);
        return proceed({ ...context, request: { ...context.request, body } });
      },
    ),
  },
  'soap/any-prefix': {
    what: 'prefixes are compared',
    hooks: onRequest(
      (context) => isControl(context) && !bodyOf(context).includes('<s:Envelope'),
      () => plain(400),
    ),
  },
  'soap/wrong-urn': { what: 'the service type is not looked at', options: { ignoresServiceType: true } },
  'soap/no-soapaction': {
    what: 'SOAPACTION is not looked at',
    hooks: onRequest(
      (context) => isControl(context) && headerOf(context, 'SOAPAction') === undefined,
      (context, proceed) => {
        const [, name = '', type = ''] = /<u:(\w+) xmlns:u="([^"]+)"/.exec(bodyOf(context)) ?? [];
        const headers = [...context.request.headers, ['SOAPAction', `"${type}#${name}"`]] as const;
        return proceed({ ...context, request: { ...context.request, headers } });
      },
    ),
  },
  'soap/expect-100': {
    what: 'expectations are refused with 417',
    hooks: onRequest(
      (context) => headerOf(context, 'Expect') !== undefined,
      () => plain(417),
    ),
  },
  'soap/parallel': {
    what: 'of two requests at a time one is refused',
    hooks: ({ now }) => {
      let latest = -1;
      return {
        outcome: (context, proceed) => {
          const isSecond = context.action === READ && latest === now();
          latest = now();
          return isSecond ? { kind: 'failure', code: 'refused', delayMs: 0 } : proceed();
        },
      };
    },
  },
  'soap/query-unknown-var': {
    what: 'every variable can be queried',
    options: { hasStateQueries: true },
    hooks: onRequest(
      ({ action }) => action === 'QueryStateVariable',
      (_context, proceed) =>
        withBody(
          { ...proceed(), status: 200 },
          '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
            '<u:QueryStateVariableResponse xmlns:u="urn:schemas-upnp-org:control-1-0"><return>0</return>' +
            '</u:QueryStateVariableResponse></s:Body></s:Envelope>',
        ),
    ),
  },
};

export const EVENTING_MUTANTS: Readonly<Record<string, Mutant>> = {
  'gena/subscribe': {
    what: 'subscriptions have no TIMEOUT',
    hooks: onRequest(isEvent, (_context, proceed) => {
      const answer = proceed();
      return { ...answer, headers: answer.headers.filter(([name]) => name !== 'TIMEOUT') };
    }),
  },
  'gena/initial-event': {
    what: 'events are counted from 1',
    hooks: rewritesEvents((request) => ({
      ...request,
      headers: request.headers.map(([name, value]) => [name, name === 'SEQ' && value === '0' ? '1' : value]),
    })),
  },
  'gena/timeout': { what: 'subscriptions last five minutes', options: { subscriptionSeconds: [300, 300] } },
  'gena/renew-unsubscribe': {
    what: 'nothing can be renewed',
    hooks: onRequest(
      (context) => isEvent(context) && context.request.method === 'SUBSCRIBE' && headerOf(context, 'SID') !== undefined,
      (_context, proceed) => {
        const answer = proceed();
        return answer.status === 200 ? plain(500) : answer;
      },
    ),
  },
  'gena/unknown-sid': {
    what: 'an unknown SID is answered with 400',
    hooks: onRequest(
      (context) => isEvent(context) && headerOf(context, 'SID') !== undefined && headerOf(context, 'NT') === undefined,
      (_context, proceed) => {
        const answer = proceed();
        return answer.status === 412 ? { ...answer, status: 400 } : answer;
      },
    ),
  },
  'gena/missing-callback-or-nt': {
    what: 'a missing CALLBACK is answered with 400',
    hooks: onRequest(
      (context) =>
        isEvent(context) && headerOf(context, 'SID') === undefined && headerOf(context, 'CALLBACK') === undefined,
      () => plain(400),
    ),
  },
  'gena/sid-with-nt': {
    what: 'SID with NT is a renewal',
    hooks: onRequest(
      (context) => isEvent(context) && headerOf(context, 'SID') !== undefined && headerOf(context, 'NT') !== undefined,
      (context) => plain(200, [['SID', headerOf(context, 'SID') ?? '']]),
    ),
  },
  'gena/callback-foreign': {
    what: 'every CALLBACK is good',
    hooks: onRequest(
      (context) => ['CALLBACK', 'NT'].every((name) => headerOf(context, name) !== undefined),
      (_context, proceed) => {
        const answer = proceed();
        return answer.status === 412 ? plain(200, [['SID', 'uuid:1']]) : answer;
      },
    ),
  },
};

export const OTHER_MUTANTS: Readonly<Record<string, Mutant>> = {
  'wanppp/no-plaintext-password': {
    what: 'everybody gets the password',
    options: { connectionService: 'ip-and-ppp' },
    hooks: onRequest(
      ({ action }) => action === 'GetPassword',
      (_context, proceed) =>
        withBody(
          { ...proceed(), status: 200 },
          '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
            '<u:GetPasswordResponse xmlns:u="urn:schemas-upnp-org:service:WANPPPConnection:1">' +
            '<NewPassword>secret</NewPassword></u:GetPasswordResponse></s:Body></s:Envelope>',
        ),
    ),
  },
  'wanppp/mapping-suite': {
    what: 'WANPPPConnection does not know whether there is NAT',
    options: { connectionService: 'ip-and-ppp' },
    hooks: rewrites(
      ({ action, request }) => action === 'GetNATRSIPStatus' && request.url.includes('WANPPPConn1'),
      (text) => text.replace('<NewNATEnabled>1<', '<NewNATEnabled>perhaps<'),
    ),
  },
  'wancic/common-link': {
    what: 'the link is "up"',
    hooks: answersWith('GetCommonLinkProperties', { NewPhysicalLinkStatus: 'up' }),
  },
  'wancic/counters': {
    what: 'a counter runs backwards',
    hooks: () => {
      let bytes = 1_000_000;
      return {
        action: (call, proceed) => {
          if (call.action !== 'GetTotalBytesSent') return proceed();
          bytes -= 1_000;
          return proceed().map(() => ({ NewTotalBytesSent: bytes }));
        },
      };
    },
  },
  'v6fw/status': {
    what: 'a firewall that is disabled takes calls',
    hooks: answersWith('GetFirewallStatus', { FirewallEnabled: 0 }),
  },
  'v6fw/add-update-delete': {
    what: 'the same pinhole has another id each time',
    hooks: () => {
      let added = 0;
      return {
        action: (call, proceed) => {
          if (call.action !== 'AddPinhole') return proceed();
          added += 1;
          return proceed().map(({ UniqueID }) => ({ UniqueID: Number(UniqueID) + added }));
        },
      };
    },
  },
  'v6fw/errors': {
    what: 'port 0 is answered with 402',
    hooks: rewrites(
      ({ action }) => action === 'AddPinhole',
      (text) => text.replace('>706<', '>402<'),
    ),
  },
  'l3f/default-connection': {
    what: 'the default connection is one that is not described',
    hooks: answersWith('GetDefaultConnectionService', {
      NewDefaultConnectionService: 'uuid:1:WANConnectionDevice:1,x',
    }),
  },
};
