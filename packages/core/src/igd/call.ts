/**
 * A call of an action, as a pair of pure functions: the request to send, and what the response means.
 *
 * @see UDA 1.1, 3.2 (Control)
 */
import type { Result } from '../result.ts';
import { BYTES, checkArguments, NUMBER, OBJECT, options, TEXT, type Check } from '../arguments.ts';
import { decodeUtf8 } from '../bytes.ts';
import type { CallError, InvalidArgumentError } from '../errors.ts';
import { FAULTY_ROUTER } from '../hints.ts';
import type { HttpRequest, HttpResponse } from '../messages.ts';
import { encodeSoapRequest } from '../soap/request.ts';
import { decodeSoapResponse } from '../soap/response.ts';
import { printable } from '../text.ts';
import { decodeArguments, encodeArguments } from './arguments.ts';
import type { ActionDeclaration, ActionInput, ActionName, ActionOutput, ServiceDeclaration } from './declaration.ts';
import { faultHints, faultName } from './fault-codes.ts';

/** Where and as what a service is to be called. */
export interface ServiceAddress {
  /** The service type as the device spells it, such as `urn:schemas-upnp-org:service:WANIPConnection:1`. */
  readonly serviceType: string;
  /** Absolute. */
  readonly controlUrl: string;
}

const SERVICE: Check = options({ actions: OBJECT, faults: OBJECT });

const ADDRESS: Check = options({ serviceType: TEXT, controlUrl: TEXT });

const RESPONSE: Check = options({ status: NUMBER, body: BYTES });

function actionOf({ name, actions }: ServiceDeclaration): Check {
  return { expected: `an action of ${name}`, texts: Object.keys(actions) };
}

/** The request that calls an action. */
export function encodeCall<S extends ServiceDeclaration, A extends ActionName<S>>(
  service: S,
  address: ServiceAddress,
  action: A,
  input: ActionInput<S, A>,
): Result<HttpRequest, InvalidArgumentError> {
  return checkArguments(['service', service, SERVICE], ['address', address, ADDRESS]).andThen(() =>
    encodeCheckedCall(service, address, action, input),
  );
}

/** The same for a service and an address that were checked before. */
export function encodeCheckedCall<S extends ServiceDeclaration, A extends ActionName<S>>(
  service: S,
  address: ServiceAddress,
  action: A,
  input: ActionInput<S, A>,
): Result<HttpRequest, InvalidArgumentError> {
  return checkArguments(['action', action, actionOf(service)], ['input', input, OBJECT])
    .andThen(() => encodeArguments((service.actions[action] as ActionDeclaration).in, input))
    .andThen((texts) => encodeSoapRequest(address.controlUrl, address.serviceType, action, texts));
}

/** What the response to such a request says. Success is a 2xx answer whose body is the action's own response element. */
export function decodeCall<S extends ServiceDeclaration, A extends ActionName<S>>(
  service: S,
  address: ServiceAddress,
  action: A,
  response: HttpResponse,
): Result<ActionOutput<S, A>, CallError> {
  return checkArguments(['service', service, SERVICE], ['address', address, ADDRESS])
    .andThen(() => checkArguments(['action', action, actionOf(service)]))
    .andThen(() => decodeCheckedCall(service, address, action, response));
}

/** The same for a service, an address and an action that were checked before. */
export function decodeCheckedCall<S extends ServiceDeclaration, A extends ActionName<S>>(
  service: S,
  address: ServiceAddress,
  action: A,
  response: HttpResponse,
): Result<ActionOutput<S, A>, CallError> {
  return checkArguments(['response', response, RESPONSE])
    .andThen(() => decodeSoapResponse(response, action))
    .mapErr((error) => {
      if (error.kind === 'malformed' && error.code === 'xml') return { ...error, text: textsIn(response, action) };
      if (error.kind !== 'soap-fault') return error;
      const { code, description } = error;
      const name = faultName(service.faults, code);
      const words = ['', name].includes(description) ? '' : ` ("${description}")`;
      return {
        kind: 'upnp-fault' as const,
        service: address.serviceType,
        action,
        code,
        name,
        description,
        message: `the router refused ${action}: error ${code ?? 'without a code'} ${name}${words}`,
        hint: faultHints[name] ?? FAULTY_ROUTER,
      };
    })
    .andThen((answer) => decodeArguments((service.actions[action] as ActionDeclaration).out, answer))
    .map((values) => values as ActionOutput<S, A>);
}

/**
 * The texts in a response element whose markup can't be read: a raw `<` in the description of a mapping makes the document
 * malformed. Undefined where the element does not begin or does not end, so that a part of the answer may be missing.
 */
function textsIn({ body }: HttpResponse, action: string): string | undefined {
  const [, element = '', end] = decodeUtf8(body).split(`${action}Response`);
  if (end === undefined) return undefined;
  const inner = element.slice(element.indexOf('>') + 1, element.lastIndexOf('<'));
  return printable(
    inner
      .slice(0, 4_000)
      .split(/<[^<>]*>|\s+/)
      .filter(Boolean)
      .join(' '),
  ).slice(0, 200);
}
