import { err, safeTry, type Result, type ResultAsync } from '../result.ts';
import type { TransportError } from '../errors.ts';
import { withHint } from '../hints.ts';
import { checkArguments, OPTIONS } from '../arguments.ts';
import { decodeCall, encodeCall, type ResponseError, type ServiceAddress } from '../igd/call.ts';
import type { ActionInput, ActionName, ActionOutput, ServiceDeclaration } from '../igd/declaration.ts';
import type { HttpResponse } from '../messages.ts';
import type { AbortSignalLike, Transport } from '../ports.ts';
import { aborted } from '../abort.ts';
import { MAX_BODY_BYTES } from './fetch-document.ts';
import type { Queue } from './queue.ts';

/** What can go wrong with a call. */
export type CallError = ResponseError;

export interface CallOptions {
  /** Milliseconds for the exchange, from the moment it is this call's turn; default 5000. */
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

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
        const request = yield* encodeCall(service, address, action, input);
        const response = yield* await queue<Result<HttpResponse, TransportError>>(async () => {
          // Only now: who shares a time with others has less of it after the wait.
          if (options.signal?.aborted === true) return err(aborted(action));
          const { deadlineMs = 5000, signal } = options;
          return transport.http.request(request, { deadlineMs, maxBodyBytes: MAX_BODY_BYTES, signal }).mapErr(withHint);
        });
        memory.localAddress = response.localAddress ?? memory.localAddress;
        return decodeCall(service, address, action, response);
      }),
  };
}
