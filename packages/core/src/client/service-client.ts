import { safeTry, type ResultAsync } from '../result.ts';
import { withHint } from '../hints.ts';
import { checkArguments, OPTIONS } from '../arguments.ts';
import type { CallOptions } from '../call-options.ts';
import type { CallError } from '../errors.ts';
import { decodeCheckedCall, encodeCheckedCall, type ServiceAddress } from '../igd/call.ts';
import type { ActionInput, ActionName, ActionOutput, ServiceDeclaration } from '../igd/declaration.ts';
import type { Transport } from '../ports.ts';
import { MAX_BODY_BYTES } from './fetch-document.ts';
import type { Queue } from './queue.ts';

/** A service of a gateway, ready to be called. */
export interface ServiceClient<S extends ServiceDeclaration> {
  readonly address: ServiceAddress;
  /** Calls an action with its specification's arguments. Calls of one gateway wait for one another. */
  call<A extends ActionName<S>>(
    action: A,
    input: ActionInput<S, A>,
    options?: CallOptions,
  ): ResultAsync<ActionOutput<S, A>, CallError>;
}

/** What the exchanges with a gateway teach: the address they left from, which is a mapping's internal client by default. */
export interface ConnectionMemory {
  localAddress: string | null;
}

export function createServiceClient<S extends ServiceDeclaration>(
  transport: Transport,
  service: S,
  address: ServiceAddress,
  queue: Queue,
  memory: ConnectionMemory,
): ServiceClient<S> {
  return {
    address,
    call: <A extends ActionName<S>>(action: A, input: ActionInput<S, A>, options: CallOptions = {}) =>
      safeTry<ActionOutput<S, A>, CallError>(async function* () {
        yield* checkArguments(['options', options, OPTIONS]);
        const request = yield* encodeCheckedCall(service, address, action, input);
        const send = (deadlineMs: number): ResultAsync<ActionOutput<S, A>, CallError> =>
          transport.http
            .request(request, { deadlineMs, maxBodyBytes: MAX_BODY_BYTES, signal: options.signal })
            .mapErr(withHint)
            .andThen((response) => {
              memory.localAddress = response.localAddress ?? memory.localAddress;
              return decodeCheckedCall(service, address, action, response);
            });
        const { clock } = transport;
        return queue({ url: address.controlUrl, name: action, isRead: isRead(action), clock, limits: options, send });
      }),
  };
}

/** The specifications' names for actions that change nothing. */
function isRead(action: string): boolean {
  return /^(Get|Check)/.test(action);
}
