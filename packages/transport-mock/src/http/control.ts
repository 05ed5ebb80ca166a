import type { HttpRequest, HttpResponse } from '@portwright/core';
import type { Result } from '@portwright/core/result';
import type { Action, ActionFault, ActionOutput, ArgumentValue, ServiceInstance } from '../gateway/model.ts';
import type { FaultHooks } from '../faults/fault.ts';
import { refuse } from '../gateway/action.ts';
import { decodeArguments, inDeclaredOrder } from '../gateway/decode-arguments.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { errorName } from '../services/error-names.ts';
import { header, plainReply, xmlReply } from './http-reply.ts';
import { answerStateQuery, isStateQuery, QUERY } from './query-state.ts';
import { readSoapCall, type SoapCall, writeSoapFault, writeSoapResponse } from './soap-envelope.ts';

/** EXT is there so that a client knows that its MAN header was understood (UDA 1.0, 3.2.2): it has no value. */
const EXT = ['EXT', ''] as const;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** UDA 1.0, 3.2: a POST to a control URL. `services` are those that share the URL: one, on nearly every router. */
export function control(
  gateway: Gateway,
  services: readonly ServiceInstance[],
  request: HttpRequest,
  caller: string,
  intercept?: ActionInterceptor,
): HttpResponse {
  const { server, answers, ignoresServiceType, requiresQuotedSoapAction, stateQueries } = gateway.config;
  const contentType = header(request.headers, 'content-type');
  if (contentType !== undefined && !/^(?:text|application)\/(?:[\w.-]+\+)?xml\b/i.test(contentType)) {
    return plainReply(server, 415, `CONTENT-TYPE must be text/xml, not ${contentType}`);
  }
  const soapAction = readSoapAction(header(request.headers, 'soapaction'));
  if (soapAction === null || (requiresQuotedSoapAction && !soapAction.isQuoted))
    return plainReply(server, 400, 'SOAPACTION must be "service-type#action"');
  const text = decodeUtf8(request.body);
  if (text === null) return plainReply(server, 400, 'the body is not UTF-8');
  const soapCall = readSoapCall(text);
  if (soapCall.isErr()) return plainReply(server, 400, soapCall.error);

  const { namespace, action: actionName } = soapCall.value;
  const isConsistent = soapAction.serviceType === namespace && soapAction.action === actionName;
  const service = isConsistent || ignoresServiceType ? serviceFor(services, namespace, ignoresServiceType) : undefined;
  const fault = (code: number): HttpResponse => {
    const name = answers.errorTexts[code] ?? errorName((service ?? services[0])?.definition.errors ?? {}, code);
    return xmlReply(server, 500, writeSoapFault(answers, code, name), [EXT]);
  };
  const isQuery = ignoresServiceType ? actionName === QUERY : isConsistent && isStateQuery(soapCall.value);
  if (stateQueries !== 'none' && isQuery) {
    return answerStateQuery(gateway, ignoresServiceType ? gateway.services : services, soapCall.value) ?? fault(404);
  }
  if (service === undefined) return fault(401);
  const action = service.definition.actions.get(actionName);
  if (action === undefined || (!ignoresServiceType && versionOf(namespace) < action.since)) return fault(401);
  const result = perform(gateway, service, action, soapCall.value, caller, intercept);
  if (result.isErr()) return fault(result.error.code);
  const values = action.outputs.map(({ name, variable }) => ({
    name,
    type: variable.type,
    text: writeValue(result.value[name]),
    isCdata: answers.listing === 'cdata' && variable.name === 'A_ARG_TYPE_PortListing',
  }));
  // The answer is in the name of the version that was asked, unless this gateway has a habit of its own.
  const answered = answers.namespaces[actionName] ?? answers.namespace ?? namespace;
  return xmlReply(server, 200, writeSoapResponse(answers, answered, actionName, values), [EXT]);
}

function perform(
  gateway: Gateway,
  service: ServiceInstance,
  action: Action,
  { args: raw }: SoapCall,
  caller: string,
  intercept: ActionInterceptor = (_call, carryOut) => carryOut(),
): Result<ActionOutput, ActionFault> {
  if (gateway.config.omittedActions.includes(action.name)) return refuse(action.isOptional ? 602 : 401);
  const given = gateway.config.ignoresArgumentOrder ? inDeclaredOrder(action, raw) : raw;
  const args = decodeArguments(action, given, service.definition.dialect);
  if (args.isErr()) return refuse(args.error.code);
  const call = { gateway, service, args: args.value, caller, action: action.name };
  return intercept(call, (changed = call) => action.handle(changed));
}

/** Stands between an action that was called and its being carried out. */
export type ActionInterceptor = NonNullable<FaultHooks['action']>;

interface SoapAction {
  readonly serviceType: string;
  readonly action: string;
  readonly isQuoted: boolean;
}

/** SOAP 1.1, 6.1.1 has it in quotes; without them it says the same. */
export function readSoapAction(value: string | undefined): SoapAction | null {
  const match = /^\s*("?)([^"#\s]+)#([^"#\s]+)\1\s*$/.exec(value ?? '');
  return match === null ? null : { serviceType: match[2] ?? '', action: match[3] ?? '', isQuoted: match[1] !== '' };
}

/** A later version of a service can do all that the earlier ones can, and answers to their names (UDA 1.1, 1.3.2 and 2.5). */
function speaksFor({ serviceType: own }: ServiceInstance, serviceType: string): boolean {
  const version = versionOf(serviceType);
  const type = own.replace(/(?<!\d)\d+$/, '');
  return serviceType === `${type}${version}` && version >= 1 && version <= versionOf(own);
}

/** The service that the request is for: of those at the URL, the one by its very name before one by a lower version. */
function serviceFor(
  services: readonly ServiceInstance[],
  serviceType: string,
  takesAny: boolean,
): ServiceInstance | undefined {
  return (
    services.find((service) => service.serviceType === serviceType) ??
    services.find((service) => speaksFor(service, serviceType)) ??
    (takesAny ? services[0] : undefined)
  );
}

function versionOf(type: string): number {
  return Number(/:(\d{1,3})$/.exec(type)?.[1] ?? NaN);
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** UDA 1.0, 2.3: a boolean is sent as 0 or 1. */
function writeValue(value: ArgumentValue | undefined): string {
  if (value === undefined) throw new Error('a handler omitted an output argument');
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}
