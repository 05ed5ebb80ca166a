import type { HttpRequest, HttpResponse } from '@portwright/core';
import type { Gateway } from '../gateway/gateway.ts';
import type { GatewayConfig } from '../gateway/gateway-options.ts';
import { emptyReply, plainReply } from '../http/http-reply.ts';
import { readGenaRequest, type Timeout } from './gena-request.ts';
import type { Subscription } from './subscription-table.ts';

/** UDA 1.1, 4.1: a request to an event URL. It changes the table; what follows from that is the publisher's. */
export function serveGena(gateway: Gateway, eventPath: string, request: HttpRequest, caller: string): HttpResponse {
  const { config, subscriptions } = gateway;
  const { server } = config;
  const read = readGenaRequest(request, caller);
  if (read.isErr()) {
    const { status, reason } = read.error;
    return plainReply(server, status, reason, status === 405 ? [['ALLOW', 'SUBSCRIBE, UNSUBSCRIBE']] : []);
  }
  const wanted = read.value;
  if (wanted.kind === 'subscribe') {
    // 4.1.2: not able to accept it, "such as due to insufficient resources": "a HTTP 500-series error code".
    if (subscriptions.size >= config.subscriptionCapacity) return plainReply(server, 503, 'too many subscriptions');
    const seconds = granted(config, wanted.timeout);
    const sid = newSid(config, subscriptions.granted);
    return accepted(server, subscriptions.add({ sid, eventPath, callbacks: wanted.callbacks }, seconds), seconds);
  }
  // 4.1.3 and 4.1.4: "If a SID does not correspond to a known, un-expired subscription ... 412 Precondition Failed".
  const subscription = subscriptions.find(wanted.sid, eventPath);
  if (subscription === null) return plainReply(server, 412, `no subscription ${wanted.sid}`);
  if (wanted.kind === 'unsubscribe') {
    subscriptions.remove(subscription);
    return emptyReply(server);
  }
  const seconds = granted(config, wanted.timeout);
  subscriptions.renew(subscription, seconds);
  return accepted(server, subscription, seconds);
}

function accepted(server: string, { sid }: Subscription, seconds: number): HttpResponse {
  return emptyReply(server, [
    ['SID', sid],
    ['TIMEOUT', `Second-${seconds}`],
  ]);
}

/** UDA 1.1, 4.1.2: "SHOULD be greater than or equal to 1800 seconds", and never infinite any more. */
function granted({ subscriptionSeconds: [least, most] }: GatewayConfig, wanted: Timeout): number {
  if (wanted === null) return least;
  return wanted === 'infinite' ? most : Math.min(Math.max(wanted, least), most);
}

/**
 * UDA 1.1, 4.1.1: "MUST be unique over the lifetime of the subscription"; here over that of the gateway: the number of
 * the subscription since the boot, the boot, and the gateway's own last 48 bits.
 */
function newSid({ uuid, bootId }: GatewayConfig, number: number): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0').slice(-digits);
  const node = uuid.toLowerCase().replace(/[^\da-f]/g, '');
  return `uuid:${hex(number, 8)}-${hex(bootId, 4)}-1000-8000-${node.padStart(12, '0').slice(-12)}`;
}
