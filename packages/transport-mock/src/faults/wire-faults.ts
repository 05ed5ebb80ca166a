import type { HttpResponse } from '@portwright/core';
import type { HttpOutcome, WireStep } from '../network/network-host.ts';
import { originOf, withClosedPort } from './elsewhere.ts';
import type { Around, FaultDefinition, RequestContext } from './fault.ts';
import { gzipStored } from './gzip-stored.ts';
import { rewritingXml, withBody, withHeader, withoutHeader } from './rewrite.ts';
import { replaceLocation } from './ssdp-rewrite.ts';
import { concat, encodeChunks, encodeHead, encodeResponse, latin1 } from './wire-format.ts';

/** Bytes of a chunk: a description is several of them. */
const CHUNK_BYTES = 300;
/** Between two bytes of a slow answer: short enough that no idle timer of a client ends it. */
const SLOW_BYTE_MS = 1_000;

/** What goes wrong between an answer and the client that waits for it. */
export const WIRE_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  'location-refuses-connections': {
    row: 9,
    what: 'LOCATION names a port without a server',
    remedy: 'tries the next device, and keeps the error',
    testSetup: { hasNeighbour: true },
    hooks: () => ({ search: replaceLocation(withClosedPort) }),
  },
  'control-refuses-connections': {
    row: 9,
    what: 'the control URLs name a port without a server',
    remedy: 'tries the next device, and keeps the error',
    on: ['description'],
    testSetup: { hasNeighbour: true },
    hooks: () =>
      rewritingXml((xml, { request }) =>
        xml.replace(
          /(<controlURL\s*>)[^<]*/g,
          (_whole, tag: string) => `${tag}${withClosedPort(originOf(request.url))}/control`,
        ),
      ),
  },
  'reset-after-request': {
    row: 10,
    what: 'the connection is reset after the gateway executed the request',
    remedy: 'treats the outcome as unknown: reads before any retry',
    mounts: 'sockets',
    testSetup: { when: { on: 'AddAnyPortMapping', nth: 1 } },
    hooks: () => ({
      outcome: onAnswer(() => ({ ...failure('reset', 'ECONNRESET'), wire: [{ kind: 'reset' }] })),
    }),
  },
  'early-half-close': {
    row: 11,
    what: 'the connection is closed in the middle of the answer',
    remedy: 'reports a truncated answer',
    mounts: 'sockets',
    testSetup: { when: { on: 'AddAnyPortMapping', nth: 1 } },
    hooks: () => ({
      outcome: onAnswer((response) => {
        const whole = encodeResponse(response);
        // In the body; without one, in the head.
        const end = whole.length - Math.max(1, Math.ceil(response.body.length / 2));
        return { ...failure('truncated'), wire: written(whole.slice(0, end)) };
      }),
    }),
  },
  'slow-loris': {
    row: 12,
    what: 'the answer arrives at one byte per second',
    remedy: 'has one deadline for the whole exchange, not an idle timeout',
    mounts: 'sockets',
    testSetup: { when: { on: 'AddAnyPortMapping', nth: 1 } },
    hooks: () => ({
      outcome: onAnswer((response) => ({
        kind: 'response',
        response,
        wire: [...encodeResponse(response)].flatMap((byte): WireStep[] => [
          { kind: 'wait', ms: SLOW_BYTE_MS },
          { kind: 'bytes', bytes: Uint8Array.of(byte) },
        ]),
      })),
    }),
  },
  'http-1.0-without-length': {
    row: 13,
    what: 'HTTP/1.0 without Content-Length',
    remedy: 'reads to the end of the connection',
    mounts: 'sockets',
    hooks: () => ({
      outcome: onAnswer((whole) => {
        const response = withoutHeader(whole, 'CONTENT-LENGTH');
        return { kind: 'response', response, wire: written(encodeResponse(response, { version: '1.0' })) };
      }),
    }),
  },
  'chunked-with-extensions': {
    row: 14,
    what: 'the body is chunked, with extensions and a trailer',
    remedy: 'decodes it',
    mounts: 'sockets',
    hooks: () => ({
      outcome: onAnswer((whole) => {
        const response = withHeader(withoutHeader(whole, 'CONTENT-LENGTH'), 'TRANSFER-ENCODING', 'chunked');
        return {
          kind: 'response',
          response,
          wire: written(encodeHead(response), encodeChunks(whole.body, CHUNK_BYTES)),
        };
      }),
    }),
  },
  'content-length-too-short': {
    row: 15,
    what: 'the body is longer than Content-Length',
    remedy: 'reads that many bytes, and ignores the rest',
    mounts: 'sockets',
    hooks: () => ({
      outcome: onAnswer((response) => ({
        kind: 'response',
        response,
        wire: written(encodeResponse(response), latin1('\r\n<!-- not counted -->\r\n')),
      })),
    }),
  },
  'content-length-cuts-the-body': {
    row: 15,
    what: 'Content-Length ends in the middle of the document',
    remedy: 'reads that many bytes, and reports a truncated document',
    mounts: 'sockets',
    testSetup: { when: { on: 'AddAnyPortMapping', nth: 1 } },
    hooks: () => ({
      outcome: onAnswer((whole) => {
        const response = withBody(whole, whole.body.slice(0, Math.floor(whole.body.length / 2)));
        return { kind: 'response', response, wire: written(encodeHead(response), whole.body) };
      }),
    }),
  },
  'content-length-too-long': {
    row: 16,
    what: 'the body is 10 bytes shorter than Content-Length',
    remedy: 'reports a truncated answer',
    mounts: 'sockets',
    testSetup: { when: { on: 'AddAnyPortMapping', nth: 1 } },
    hooks: () => ({
      outcome: onAnswer((response) => {
        const longer = withHeader(response, 'CONTENT-LENGTH', String(response.body.length + 10));
        return { ...failure('truncated'), wire: written(encodeResponse(longer)) };
      }),
    }),
  },
  'content-length-and-chunked': {
    row: 17,
    what: 'the answer has a Content-Length that is too short, and a chunked body',
    remedy: 'uses the chunks (RFC 9112, 6.3), and does not reuse the connection',
    mounts: 'sockets',
    hooks: () => ({
      outcome: onAnswer((whole) => {
        const response = withHeader(withHeader(whole, 'CONTENT-LENGTH', '10'), 'TRANSFER-ENCODING', 'chunked');
        return {
          kind: 'response',
          response,
          wire: written(encodeHead(response), encodeChunks(whole.body, CHUNK_BYTES)),
        };
      }),
    }),
  },
  'unasked-gzip': {
    row: 18,
    what: 'the body is compressed, although the client did not accept that',
    remedy: 'reports an unsupported encoding',
    mounts: 'sockets',
    testSetup: { when: { on: 'AddAnyPortMapping', nth: 1 } },
    hooks: () => ({
      outcome: onAnswer((response) => {
        const packed = withHeader(withBody(response, gzipStored(response.body)), 'CONTENT-ENCODING', 'gzip');
        return { ...failure('unsupported-encoding'), wire: written(encodeResponse(packed)) };
      }),
    }),
  },
  '100-continue-first': {
    row: 19,
    what: 'an interim answer, 100 Continue, precedes the answer',
    remedy: 'skips it',
    mounts: 'sockets',
    hooks: () => ({
      outcome: onAnswer((response) => ({
        kind: 'response',
        response,
        wire: written(encodeHead({ status: 100, headers: [] }), encodeResponse(response)),
      })),
    }),
  },
};

type Undelayed<Outcome> = Outcome extends unknown ? Omit<Outcome, 'delayMs'> : never;
type Consequence = Undelayed<HttpOutcome>;

/** Changes how an answer gets through; where none does, there is nothing left to change. */
function onAnswer(change: (response: HttpResponse) => Consequence): Around<RequestContext, HttpOutcome> {
  return (_context, proceed) => {
    const outcome = proceed();
    return outcome.kind === 'response' ? { ...change(outcome.response), delayMs: outcome.delayMs } : outcome;
  };
}

function failure(code: 'reset' | 'truncated' | 'unsupported-encoding', cause?: string): Consequence {
  return { kind: 'failure', code, ...(cause === undefined ? {} : { cause }) };
}

/** In one write, as servers do. */
function written(...parts: readonly Uint8Array[]): readonly WireStep[] {
  return [{ kind: 'bytes', bytes: concat(...parts) }];
}
