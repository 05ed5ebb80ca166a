import type { HttpPort } from '@portwright/core';
import { assertArguments, OPTIONS } from '@portwright/core/internal';
import { errAsync, ResultAsync } from '@portwright/core/result';
import { exchange } from './http-exchange.ts';
import { parseTarget } from './http-target.ts';
import { transportError } from './transport-error.ts';

export interface NodeHttpOptions {
  /**
   * Whether a URL may name its host, which is then looked up. By default it must be an IP literal: without DNS there
   * is no DNS rebinding, and devices on the local network announce themselves by address.
   */
  readonly allowHostNames?: boolean;
}

/**
 * HTTP on node:net: one request on a connection of its own, exactly the headers given, head and body in one write.
 *
 * fetch won't do for routers: in Node it adds headers of its own and keeps connections alive, elsewhere it spells names
 * in lower case, and some routers take either amiss (tailscale#7458, syncthing#1696, jupnp#120, goupnp#5). node:http
 * refuses answers that other clients read.
 *
 * Beyond the options of a request, a response may hold 64 header fields and 16 KiB of them; more is `too-large`.
 *
 * @throws PortwrightException (`invalid-argument`) for options that are none
 */
export function nodeHttp(options: NodeHttpOptions = {}): HttpPort {
  assertArguments(['options', options, OPTIONS]);
  const allowHostNames = options.allowHostNames ?? false;
  return {
    request(request, limits) {
      const subject = `${request.method} ${request.url}`;
      if (limits.signal?.aborted) return errAsync(transportError('aborted', subject));
      const target = parseTarget(request.url, allowHostNames);
      if (target.isErr()) return errAsync(target.error);
      return new ResultAsync(exchange(target.value, request, limits));
    },
  };
}
