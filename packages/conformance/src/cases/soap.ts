/** Control in general, asked of the connection service. */
import { ResultAsync } from '@portwright/core/result';
import { expectFault, type ServiceUnderTest } from '../bench/service-under-test.ts';
import { expectThat, given, inconclusive, missed, notApplicable } from '../shortfall.ts';
import type { SoapAnswer } from '../wire/soap-answer.ts';
import { childOf, descendantOf } from '../wire/xml-queries.ts';
import type { XmlElement } from '../wire/xml.ts';
import type { Cases } from './case.ts';

/** An action without arguments that every connection service has, and that changes nothing. */
const READ = 'GetExternalIPAddress';
/** The others of its kind, and itself. */
const READS = [READ, 'GetStatusInfo', 'GetConnectionTypeInfo', 'GetNATRSIPStatus'];
const NO_SUCH_ACTION = 'X_PortwrightNoSuchAction';
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const CONTROL = 'urn:schemas-upnp-org:control-1-0';

export const SOAP_CASES: Cases = {
  async *'soap/response-name-ns'(bench) {
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

  async *'soap/fault-http-500'(bench) {
    const { connection } = yield* bench.connection();
    const { response, values, envelope, summary } = yield* connection.call(NO_SUCH_ACTION);
    // That it is refused at all is asked elsewhere.
    if (values !== null) yield* inconclusive('a refusal', summary);
    const isFault = envelope !== null && descendantOf(envelope, 'Fault') !== undefined;
    yield* expectThat(isFault, 'a fault with HTTP 500', summary);
    yield* expectThat(response.status === 500, 'HTTP 500', `HTTP ${response.status}`);
  },

  async *'soap/fault-shape'(bench) {
    const { connection } = yield* bench.connection();
    const { envelope, summary } = yield* connection.call(NO_SUCH_ACTION);
    if (envelope === null) return yield* missed('a fault', summary);
    const wrong = wrongIn(envelope);
    yield* expectThat(wrong === null, 'Envelope/Body/Fault/detail/UPnPError/errorCode', wrong ?? '');
  },

  async *'soap/fault-401-invalid-action'(bench) {
    const { connection } = yield* bench.connection();
    yield* connection.refuse(NO_SUCH_ACTION, {}, [401]);
  },

  async *'soap/fault-402-missing-arg'(bench) {
    const { connection } = yield* bench.connection();
    yield* connection.refuse('GetGenericPortMappingEntry', {}, [402]);
  },

  async *'soap/fault-402-bad-type'(bench) {
    const { connection } = yield* bench.connection();
    yield* connection.refuse('GetGenericPortMappingEntry', { NewPortMappingIndex: 'abc' }, [402]);
  },

  async *'soap/any-prefix'(bench) {
    const { connection } = yield* bench.connection();
    yield* connection.succeed(READ, {}, { prefixes: ['SOAP-ENV', 'x.y-1'] });
  },

  async *'soap/wrong-urn'(bench) {
    const { connection } = yield* bench.connection();
    const serviceType = connection.type.replace(/\d+$/, '99');
    yield* connection.refuse(READ, {}, [401], { serviceType });
  },

  async *'soap/no-soapaction'(bench) {
    const { connection } = yield* bench.connection();
    const { response, envelope, summary } = yield* connection.call(READ, {}, { hasSoapAction: false });
    const isFault = envelope !== null && descendantOf(envelope, 'Fault') !== undefined;
    const isRefused = response.status >= 400 && response.status < 500;
    yield* expectThat(isRefused || isFault, 'a 4xx status or a fault', summary);
  },

  async *'soap/expect-100'(bench) {
    const { connection } = yield* bench.connection();
    yield* connection.succeed(READ, {}, { extraHeaders: [['Expect', '100-continue']] });
  },

  async *'soap/parallel'(bench) {
    const { connection } = yield* bench.connection();
    const answers = yield* ResultAsync.combine(Array.from({ length: 4 }, () => connection.call(READ)));
    const failed = answers.filter(({ values }) => values === null).map(({ summary }) => summary);
    yield* expectThat(failed.length === 0, 'four successes', failed.join('; '));
  },

  async *'soap/query-unknown-var'(bench) {
    const { connection } = yield* bench.connection();
    const answer = yield* given(queryVariable(connection, 'X_PortwrightNoSuchVariable'));
    // It is deprecated: who does not have it says so.
    const isAbsent = answer.code === 401 || answer.code === 602 || [400, 405, 501].includes(answer.response.status);
    if (isAbsent) return yield* notApplicable('QueryStateVariable', answer.summary);
    yield* expectFault(answer, 'QueryStateVariable', [404]);
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
