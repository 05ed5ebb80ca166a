import type { HttpRequest, HttpResponse } from '@portwright/core';
import { descriptionPath } from '../description/description-url.ts';
import { writeDescription } from '../description/description-xml.ts';
import type { ServiceInstance } from '../gateway/model.ts';
import { serveGena } from '../events/gena-server.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { writeScpd } from '../services/scpd.ts';
import type { RequestContext } from '../faults/fault.ts';
import { control, type ActionInterceptor, readSoapAction } from './control.ts';
import { header, plainReply, xmlReply } from './http-reply.ts';
import { readHttpUrl } from './http-url.ts';

/** A SOAP request is a kilobyte or two; a body above this is refused with 413. */
const MAXIMUM_BODY_BYTES = 65_536;

/**
 * A gateway's HTTP server, without the wire: a request in, an answer out.
 *
 * @param caller - where the request comes from
 * @param intercept - stands between an action that was called and its being carried out
 */
export function serveHttp(
  gateway: Gateway,
  request: HttpRequest,
  caller: string,
  intercept?: ActionInterceptor,
): HttpResponse {
  const { server, omittedActions, description } = gateway.config;
  const path = readHttpUrl(request.url)?.path;
  if (path === undefined) return plainReply(server, 400, `not a URL of this server: ${request.url}`);
  if (request.body.length > MAXIMUM_BODY_BYTES) return plainReply(server, 413, `more than ${MAXIMUM_BODY_BYTES} bytes`);
  if (path === descriptionPath(gateway.config)) {
    return document(gateway, request, () => writeDescription(gateway.config, gateway.root));
  }
  const route = findRoute(gateway.services, path, request.method);
  switch (route?.kind) {
    case 'scpd':
      if (!description.hasScpds) return plainReply(server, 404, `nothing at ${path}`);
      return document(gateway, request, () => writeScpd(route.service.definition, omittedActions));
    case 'control':
      if (request.method !== 'POST') return methodNotAllowed(server, 'POST');
      return control(gateway, route.services, request, caller, intercept);
    case 'event':
      return serveGena(gateway, path, request, caller);
    case undefined:
      return plainReply(server, 404, `nothing at ${path}`);
  }
}

/** What a request is for. */
export function requestContext(gateway: Gateway, request: HttpRequest, caller: string): RequestContext {
  const path = readHttpUrl(request.url)?.path ?? '';
  const route = findRoute(gateway.services, path, request.method);
  const purpose = path === descriptionPath(gateway.config) ? 'description' : (route?.kind ?? 'other');
  const soapAction = purpose === 'control' ? readSoapAction(header(request.headers, 'soapaction')) : null;
  return { request, caller, purpose, action: soapAction?.action ?? null };
}

type Route =
  | { readonly kind: 'scpd'; readonly service: ServiceInstance }
  | { readonly kind: 'control'; readonly services: readonly ServiceInstance[] }
  | { readonly kind: 'event' };

/** Several services may share one control URL, and some routers serve events there, too. */
function findRoute(services: readonly ServiceInstance[], path: string, method: string): Route | undefined {
  const isEvent = services.some((service) => service.eventPath === path);
  if (isEvent && /^(?:UN)?SUBSCRIBE$/.test(method)) return { kind: 'event' };
  const controlled = services.filter((service) => service.controlPath === path);
  if (controlled.length > 0) return { kind: 'control', services: controlled };
  const described = services.find((service) => service.scpdPath === path);
  if (described !== undefined) return { kind: 'scpd', service: described };
  return isEvent ? { kind: 'event' } : undefined;
}

function document(gateway: Gateway, request: HttpRequest, write: () => string): HttpResponse {
  const { server } = gateway.config;
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed(server, 'GET, HEAD');
  const response = xmlReply(server, 200, write());
  return request.method === 'HEAD' ? { ...response, body: new Uint8Array() } : response;
}

function methodNotAllowed(server: string, allowed: string): HttpResponse {
  return plainReply(server, 405, `use ${allowed}`, [['ALLOW', allowed]]);
}
