import { err, ok, type Result, type ResultAsync } from '@portwright/core/result';
import { inconclusive, missed, type Shortfall } from '../shortfall.ts';
import { readSoapAnswer, type SoapAnswer } from '../wire/soap-answer.ts';
import { type CallArguments, type CallStyle, soapRequest } from '../wire/soap-request.ts';
import { type Caller, send } from './caller.ts';
import { type DescribedService, onHost } from './subject.ts';

export interface CallOptions extends CallStyle {
  /** Who calls; default: this host. */
  readonly from?: Caller | undefined;
}

/** The output arguments of a success. */
export type Values = ReadonlyMap<string, string>;

/** A service, to be called. Its answers are read with good will, and judged by whoever called. */
export interface ServiceUnderTest extends DescribedService {
  readonly controlUrl: string;
  call(action: string, callArguments?: CallArguments, options?: CallOptions): ResultAsync<SoapAnswer, Shortfall>;
  /** Calls, and misses unless it is answered with a success. */
  succeed(action: string, callArguments?: CallArguments, options?: CallOptions): ResultAsync<Values, Shortfall>;
  /** Calls, and misses unless it is answered with a fault, of one of these codes where there are any. */
  refuse(
    action: string,
    callArguments: CallArguments,
    codes: readonly number[],
    options?: CallOptions,
  ): ResultAsync<SoapAnswer, Shortfall>;
}

/** @param signal - what ends requests under way; asked anew for each */
export function serviceUnderTest(
  service: DescribedService,
  self: Caller,
  signal: () => AbortSignal | undefined,
): Result<ServiceUnderTest, Shortfall> {
  const { controlUrl, type } = service;
  if (controlUrl === null)
    return inconclusive(`a control URL of ${service.name}`, 'no control URL that can be resolved');
  const reachable = onHost(controlUrl, service.host);
  if (reachable.isErr()) return err(reachable.error);
  const call: ServiceUnderTest['call'] = (action, callArguments = {}, { from = self, ...style } = {}) =>
    send(from, soapRequest(controlUrl, type, action, callArguments, style), signal()).map((response) =>
      readSoapAnswer(response, action),
    );
  return ok({
    ...service,
    controlUrl,
    call,
    succeed: (action, callArguments, options) =>
      call(action, callArguments, options).andThen(({ values, summary }) =>
        values === null ? missed(`a success of ${action}`, summary) : ok(values),
      ),
    refuse: (action, callArguments, codes, options) =>
      call(action, callArguments, options).andThen((answer) => expectFault(answer, action, codes)),
  });
}

/** The answer, if it is a fault with one of these codes, or with any where there are none. */
export function expectFault(
  answer: SoapAnswer,
  action: string,
  codes: readonly number[],
): Result<SoapAnswer, Shortfall> {
  const { code, summary } = answer;
  const isExpected = code !== null && (codes.length === 0 || codes.includes(code));
  const wanted = codes.length === 0 ? '' : ` with ${codes.join(' or ')}`;
  return isExpected ? ok(answer) : err({ kind: 'missed', expected: `${action} refused${wanted}`, actual: summary });
}
