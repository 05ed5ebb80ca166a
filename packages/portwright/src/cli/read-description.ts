/** Where `describe` gets its description from: the network, or a file. */
import { readFile } from 'node:fs/promises';
import type { AbortSignalLike, DeviceDescription, HttpResponse, Transport, TransportError } from '@portwright/core';
import { checkGatewayUrl, checkRedirect, decodeDeviceDescription, headerValue, servicesOf } from '@portwright/core';
import { err, ok, ResultAsync, safeTry, type Result } from 'neverthrow';
import type { FileError, Problem } from './problem.ts';

export interface FetchFlags {
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignalLike;
}

/** Fetches and decodes the description at a URL that a person gave. One redirect on the same host is followed. */
export function fetchDescription(
  transport: Transport,
  url: string,
  { timeoutMs = 3000, signal }: FetchFlags,
): ResultAsync<DeviceDescription, Problem> {
  return safeTry<DeviceDescription, Problem>(async function* () {
    const options = { deadlineMs: timeoutMs, maxBodyBytes: 1 << 20, signal };
    let from = yield* checkGatewayUrl(url, { allowHostName: true });
    for (let followed = 0; ; followed += 1) {
      const response = yield* transport.http.request(getRequest(from), options);
      const target = redirectOf(response);
      if (target === undefined) {
        yield* checkStatus(response, from);
        return decodeDeviceDescription(response.body, from);
      }
      from = yield* checkRedirect(target, from, followed);
    }
  });
}

function getRequest(url: string): Parameters<Transport['http']['request']>[0] {
  const host = new URL(url).host;
  return {
    method: 'GET',
    url,
    headers: [
      ['Host', host],
      ['Connection', 'close'],
    ],
    body: new Uint8Array(0),
  };
}

function redirectOf({ status, headers }: HttpResponse): string | undefined {
  return status >= 300 && status < 400 ? headerValue(headers, 'Location') : undefined;
}

function checkStatus({ status }: HttpResponse, url: string): Result<void, TransportError> {
  if (status >= 200 && status < 300) return ok(undefined);
  const message = `GET ${url}: the answer is HTTP status ${status}`;
  return err({ kind: 'transport', code: 'http-status', message, status });
}

/** Stands for a location that nobody knows: an address that is never in use (RFC 5737). */
const NOWHERE = 'http://192.0.2.1/';

export interface DescribedFile {
  readonly description: DeviceDescription;
  /** Whether its location is a guess from what stands in it. */
  readonly isLocationGuessed: boolean;
}

/**
 * Decodes a description in a file. Its URLs mean something only against the location that it came from; where that is
 * not given, it is taken from the document: URLBase, or the first control URL that names its host.
 */
export function readDescription(path: string, location: string | undefined): ResultAsync<DescribedFile, Problem> {
  return safeTry<DescribedFile, Problem>(async function* () {
    const body = yield* ResultAsync.fromPromise(readFile(path), (error) => fileError(path, error));
    if (location !== undefined) {
      const from = yield* checkGatewayUrl(location, { allowHostName: true });
      return decodeDeviceDescription(body, from).map((description) => ({ description, isLocationGuessed: false }));
    }
    const draft = yield* decodeDeviceDescription(body, NOWHERE);
    const guess = [draft.urlBase, ...servicesOf(draft.device).map(({ service }) => service.controlUrl)].find(
      (url) => url !== null && !url.startsWith(NOWHERE) && checkGatewayUrl(url, { allowHostName: true }).isOk(),
    );
    return decodeDeviceDescription(body, guess ?? NOWHERE).map((description) => ({
      description,
      isLocationGuessed: true,
    }));
  });
}

function fileError(path: string, error: unknown): FileError {
  const { code = 'EUNKNOWN' } = error as NodeJS.ErrnoException;
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a directory',
    EACCES: 'it may not be read',
  };
  const hint = code === 'ENOENT' && /^[\w.-]+(:\d+)?\//.test(path) ? 'A URL starts with http://.' : undefined;
  return { kind: 'file', code, message: `${path}: ${why[code] ?? code}`, hint };
}
