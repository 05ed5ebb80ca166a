import type { HttpRequest } from '@portwright/core';
import type { Gateway } from '../gateway/gateway.ts';
import { requestContext } from '../http/http-server.ts';
import type { RequestContext } from './fault.ts';
import type { Occasion } from './fault-set.ts';

/** A request as it came, for faults: what it is for follows from its path, whatever query somebody has put behind it. */
export function contextOf(gateway: Gateway, request: HttpRequest, caller: string): RequestContext {
  const context = requestContext(gateway, request, caller);
  if (context.purpose !== 'other') return context;
  const [url = ''] = request.url.split('?', 1);
  const { purpose, action } = requestContext(gateway, { ...request, url }, caller);
  return { ...context, purpose, action };
}

/** What `on` may say for a request. */
export function occasionOf({ purpose, action }: RequestContext): Occasion {
  return action === null ? [purpose] : [purpose, action];
}
