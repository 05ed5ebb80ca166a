import type { HttpResponse } from '@portwright/core';
import { plainReply } from '../http/http-reply.ts';
import { neighbourOf, originOf } from './elsewhere.ts';
import type { FaultDefinition } from './fault.ts';
import { answering, withBody, withHeader } from './rewrite.ts';

const NOT_AUTHORIZED = 'reports “not authorized”, without a retry';
const ASK_AGAIN = 'fetches the description again, once';
const HTTP_ERROR = 'reports an HTTP error after the first attempt';

/** What HTTP says in place of the gateway. Nothing is carried out. */
export const HTTP_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  'redirect-on-the-same-host': {
    row: 20,
    what: 'the description redirects to another path on the same host',
    remedy: 'follows one redirect',
    on: ['description'],
    hooks: () => ({
      response: (context, proceed) => {
        const { request } = context;
        return request.url.endsWith(MOVED)
          ? proceed({ ...context, request: { ...request, url: request.url.slice(0, -MOVED.length) } })
          : redirect(request.url + MOVED);
      },
    }),
  },
  'redirect-to-another-host': {
    row: 20,
    what: 'the description redirects to another host',
    remedy: 'refuses to follow the redirect',
    on: ['description'],
    hooks: () =>
      answering(({ request }) => {
        const origin = originOf(request.url);
        const host = origin.replace(/^http:\/\//i, '').replace(/:\d+$/, '');
        return redirect(request.url.replace(origin, `http://${neighbourOf(host)}:5000`));
      }),
  },
  'redirect-loop': {
    row: 20,
    what: 'the description redirects to its own URL',
    remedy: 'stops after one redirect',
    on: ['description'],
    hooks: () => answering(({ request }) => redirect(request.url)),
  },
  'http-401': {
    row: 21,
    what: 'control requests get 401',
    remedy: NOT_AUTHORIZED,
    on: ['control'],
    testSetup: { when: { on: 'AddAnyPortMapping' } },
    hooks: ({ config }) =>
      answering(() => plainReply(config().server, 401, 'log in', [['WWW-AUTHENTICATE', 'Basic realm="router"']])),
  },
  'http-403': {
    row: 21,
    what: 'control requests get 403',
    remedy: NOT_AUTHORIZED,
    on: ['control'],
    testSetup: { when: { on: 'AddAnyPortMapping' } },
    hooks: ({ config }) => answering(() => plainReply(config().server, 403, 'forbidden')),
  },
  'control-url-404': {
    row: 22,
    what: 'control requests get 404',
    remedy: ASK_AGAIN,
    on: ['control'],
    testSetup: { when: { on: 'AddAnyPortMapping', nth: 1 } },
    hooks: ({ config }) => answering(({ request }) => plainReply(config().server, 404, `nothing at ${request.url}`)),
  },
  'control-url-405': {
    row: 22,
    what: 'control requests get 405',
    remedy: ASK_AGAIN,
    on: ['control'],
    testSetup: { when: { on: 'AddAnyPortMapping', nth: 1 } },
    hooks: ({ config }) => answering(() => plainReply(config().server, 405, 'use GET', [['ALLOW', 'GET']])),
  },
  'control-url-412': {
    row: 22,
    what: 'control requests get 412',
    remedy: ASK_AGAIN,
    on: ['control'],
    testSetup: { when: { on: 'AddAnyPortMapping', nth: 1 } },
    hooks: ({ config }) => answering(() => plainReply(config().server, 412, 'precondition failed')),
  },
  'http-500-without-fault': {
    row: 23,
    what: 'control requests get 500 without a body',
    remedy: HTTP_ERROR,
    on: ['control'],
    testSetup: { when: { on: 'AddAnyPortMapping' } },
    hooks: ({ config }) => answering(() => withBody(plainReply(config().server, 500, ''), new Uint8Array())),
  },
  'http-500-with-html': {
    row: 23,
    what: 'control requests get 500 with an HTML page',
    remedy: HTTP_ERROR,
    on: ['control'],
    testSetup: { when: { on: 'AddAnyPortMapping' } },
    hooks: ({ config }) =>
      answering(() => {
        const page =
          '<!DOCTYPE html><html><head><title>500</title></head><body><h1>Internal error</h1><hr></body></html>';
        return withHeader(plainReply(config().server, 500, page), 'CONTENT-TYPE', 'text/html');
      }),
  },
};

/** What the gateway's own redirect puts behind a URL. */
const MOVED = '?moved';

/** 302, as small servers have it; a client that follows one keeps to GET. */
function redirect(url: string): HttpResponse {
  return {
    status: 302,
    headers: [
      ['LOCATION', url],
      ['CONTENT-LENGTH', '0'],
      ['CONNECTION', 'close'],
    ],
    body: new Uint8Array(),
  };
}
