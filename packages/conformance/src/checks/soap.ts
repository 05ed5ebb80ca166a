/** Control in general, asked of the connection service. */
import { onRequest, rewrites, withBody, plain, isFor, headerOf, bodyOf } from '../mutants/mutant.ts';
import { ResultAsync } from '@portwright/core/result';
import { expectFault, type ServiceUnderTest } from '../bench/service-under-test.ts';
import { expectThat, given, inconclusive, missed, notApplicable } from '../shortfall.ts';
import type { SoapAnswer } from '../wire/soap-answer.ts';
import { childOf, descendantOf } from '../wire/xml-queries.ts';
import type { XmlElement } from '../wire/xml.ts';
import type { Checks } from './check.ts';

/** An action without arguments that every connection service has, and that changes nothing. */
const READ = 'GetExternalIPAddress';
/** The others of its kind, and itself. */
const READS = [READ, 'GetStatusInfo', 'GetConnectionTypeInfo', 'GetNATRSIPStatus'];
const NO_SUCH_ACTION = 'X_PortwrightNoSuchAction';
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const CONTROL = 'urn:schemas-upnp-org:control-1-0';

const isControl = isFor('control');
const GENERIC = 'GetGenericPortMappingEntry';

export const SOAP_CHECKS: Checks = {
  'soap/response-name-ns': {
    sentence: 'A success response contains the response element of the action, in the namespace of the service type.',
    clause: 'UDA 1.0, 3.2.2',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      // One after the other: there are routers that have it right in all answers but one.
      for (const action of READS) {
        const { envelope, summary } = yield* connection.call(action);
        const body = envelope === null ? undefined : childOf(envelope, 'Body');
        const [element] = body?.children ?? [];
        const isRight = element?.name === `${action}Response` && element.namespace === connection.type;
        const actual = element === undefined ? summary : `<${element.name}> in ${element.namespace}`;
        yield* expectThat(isRight, `<${action}Response> in ${connection.type}`, actual);
      }
    },
    mutant: {
      what: 'answers are in the namespace of version 1',
      options: { answers: { namespace: 'urn:schemas-upnp-org:service:WANIPConnection:1' } },
    },
  },

  'soap/fault-http-500': {
    sentence: 'A fault has HTTP status 500.',
    clause: 'UDA 1.0, 3.2.2; SOAP 1.1, 6.2',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const { response, values, envelope, summary } = yield* connection.call(NO_SUCH_ACTION);
      // That it is refused at all is asked elsewhere.
      if (values !== null) yield* inconclusive('a refusal', summary);
      const isFault = envelope !== null && descendantOf(envelope, 'Fault') !== undefined;
      yield* expectThat(isFault, 'a fault with HTTP 500', summary);
      yield* expectThat(response.status === 500, 'HTTP 500', `HTTP ${response.status}`);
    },
    mutant: {
      what: 'faults come with 200',
      hooks: onRequest(isControl, (_context, proceed) => {
        const answer = proceed();
        return answer.status === 500 ? { ...answer, status: 200 } : answer;
      }),
    },
  },

  'soap/fault-shape': {
    sentence: 'A fault is Fault/detail/UPnPError/errorCode, with faultcode Client and faultstring UPnPError.',
    clause: 'UDA 1.0, 3.2.2',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const { envelope, summary } = yield* connection.call(NO_SUCH_ACTION);
      if (envelope === null) return yield* missed('a fault', summary);
      const wrong = wrongIn(envelope);
      yield* expectThat(wrong === null, 'Envelope/Body/Fault/detail/UPnPError/errorCode', wrong ?? '');
    },
    mutant: {
      what: 'faults have faultCode and faultString',
      options: { answers: { faultElements: ['faultCode', 'faultString'] } },
    },
  },

  'soap/fault-401-invalid-action': {
    sentence: 'The gateway answers an unknown action with 401.',
    clause: 'UDA 1.0, 3.2.2: "401 Invalid Action: No action by that name at this service"',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      yield* connection.refuse(NO_SUCH_ACTION, {}, [401]);
    },
    mutant: {
      what: 'unknown actions are answered with 501',
      hooks: rewrites(
        ({ action }) => action?.startsWith('X_') === true,
        (text) => text.replace('>401<', '>501<'),
      ),
    },
  },

  'soap/fault-402-missing-arg': {
    sentence: 'The gateway answers a call with a missing argument with 402.',
    clause: 'UDA 1.0, 3.2.2: "402 Invalid Args: ... not enough in args"',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      yield* connection.refuse('GetGenericPortMappingEntry', {}, [402]);
    },
    mutant: {
      what: 'a missing argument is answered with 501',
      hooks: rewrites(
        (context) => context.action === GENERIC && !bodyOf(context).includes('NewPortMappingIndex'),
        (text) => text.replace('>402<', '>501<'),
      ),
    },
  },

  'soap/fault-402-bad-type': {
    sentence: 'The gateway answers an index of "abc" with 402.',
    clause: 'UDA 1.0, 3.2.2: "402 Invalid Args: ... one or more in args are of the wrong data type"',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      yield* connection.refuse('GetGenericPortMappingEntry', { NewPortMappingIndex: 'abc' }, [402]);
    },
    mutant: {
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
  },

  'soap/any-prefix': {
    sentence: 'The gateway understands a call with any namespace prefixes.',
    clause: 'UDA 1.0, 3.2.1; Namespaces in XML, 4',
    level: 'must',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      yield* connection.succeed(READ, {}, { prefixes: ['SOAP-ENV', 'x.y-1'] });
    },
    mutant: {
      what: 'prefixes are compared',
      hooks: onRequest(
        (context) => isControl(context) && !bodyOf(context).includes('<s:Envelope'),
        () => plain(400),
      ),
    },
  },

  'soap/wrong-urn': {
    sentence: 'The gateway answers a call to another version of the service with 401.',
    clause: 'UDA 1.0, 3.2.2',
    level: 'should',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const serviceType = connection.type.replace(/(?<!\d)\d+$/, '99');
      yield* connection.refuse(READ, {}, [401], { serviceType });
    },
    mutant: { what: 'the service type is not looked at', options: { ignoresServiceType: true } },
  },

  'soap/no-soapaction': {
    sentence: 'The gateway answers a call without SOAPACTION with a 4xx status or a fault.',
    clause: 'UDA 1.0, 3.2.1; SOAP 1.1, 6.1.1',
    level: 'may',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const { response, envelope, summary } = yield* connection.call(READ, {}, { hasSoapAction: false });
      const isFault = envelope !== null && descendantOf(envelope, 'Fault') !== undefined;
      const isRefused = response.status >= 400 && response.status < 500;
      yield* expectThat(isRefused || isFault, 'a 4xx status or a fault', summary);
    },
    mutant: {
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
  },

  'soap/expect-100': {
    sentence: 'The gateway executes a call with "Expect: 100-continue".',
    clause: 'RFC 9110, 10.1.1',
    level: 'may',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      yield* connection.succeed(READ, {}, { extraHeaders: [['Expect', '100-continue']] });
    },
    mutant: {
      what: 'expectations are refused with 417',
      hooks: onRequest(
        (context) => headerOf(context, 'Expect') !== undefined,
        () => plain(417),
      ),
    },
  },

  'soap/parallel': {
    sentence: 'The gateway answers four reads at the same time.',
    clause: 'A rule of this suite: a household has more than one control point',
    level: 'own',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const answers = yield* ResultAsync.combine(Array.from({ length: 4 }, () => connection.call(READ)));
      const failed = answers.filter(({ values }) => values === null).map(({ summary }) => summary);
      yield* expectThat(failed.length === 0, 'four successes', failed.join('; '));
    },
    mutant: {
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
  },

  'soap/query-unknown-var': {
    sentence: 'The gateway answers QueryStateVariable for an unknown variable with 404.',
    clause: 'UDA 1.0, 3.3.2; deprecated by UDA 1.1',
    level: 'may',
    kind: 'read',
    async *check(bench) {
      const { connection } = yield* bench.connection();
      const answer = yield* given(queryVariable(connection, 'X_PortwrightNoSuchVariable'));
      // It is deprecated: who does not have it says so.
      const isAbsent = answer.code === 401 || answer.code === 602 || [400, 405, 501].includes(answer.response.status);
      if (isAbsent) return yield* notApplicable('QueryStateVariable', answer.summary);
      yield* expectFault(answer, 'QueryStateVariable', [404]);
    },
    mutant: {
      what: 'every variable can be queried',
      options: { stateQueries: 'evented' },
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
  },
};

/** UDA 1.0, 3.3.1: not an action of the service, but a call in the name of control itself. */
function queryVariable(connection: ServiceUnderTest, variable: string): ReturnType<ServiceUnderTest['call']> {
  return connection.call('QueryStateVariable', { varName: variable }, { serviceType: CONTROL });
}

/** What of a fault is not as UDA 1.0, 3.2.2 has it; null: nothing. */
function wrongIn(envelope: XmlElement): string | null {
  const step = (parent: XmlElement | undefined, name: string, namespace: string): XmlElement | undefined =>
    parent?.children.find((child) => child.name === name && child.namespace === namespace);
  if (envelope.name !== 'Envelope' || envelope.namespace !== ENVELOPE)
    return `<${envelope.name}> in ${envelope.namespace}`;
  const fault = step(step(envelope, 'Body', ENVELOPE), 'Fault', ENVELOPE);
  if (fault === undefined) return 'no Fault in the Body';
  const [code, text] = ['faultcode', 'faultstring'].map((name) => step(fault, name, '')?.text.trim());
  if (!/^(?:[^:\s]+:)?Client$/.test(code ?? '')) return `faultcode ${code ?? 'absent'}`;
  if (text !== 'UPnPError') return `faultstring ${text ?? 'absent'}`;
  const error = step(step(fault, 'detail', ''), 'UPnPError', CONTROL);
  if (error === undefined) return `no detail with UPnPError in ${CONTROL}`;
  return errorCodeOf(error) === null ? `no errorCode with a number in ${CONTROL}` : null;
}

function errorCodeOf(error: XmlElement): SoapAnswer['code'] {
  const found = error.children.find(({ name, namespace }) => name === 'errorCode' && namespace === CONTROL);
  return /^\s*\d{3}\s*$/.test(found?.text ?? '') ? Number(found?.text) : null;
}
