/** Reads a device description from the network or from a file. */
import type {
  AbortSignalLike,
  DeviceDescription,
  InvalidArgumentError,
  MalformedError,
  Transport,
} from '@portwright/core';
import { checkGatewayUrl, decodeDeviceDescription, servicesOf } from '@portwright/core';
import { fetchDescription } from '@portwright/core/upnp';
import { ResultAsync, safeTry, type Result } from '@portwright/core/result';
import { explainFile, explainUrl } from '../../errors/explain-url.ts';
import type { FileError, Problem } from '../../errors/problem.ts';

export interface FetchFlags {
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignalLike;
}

const IS_IT_THE_URL = 'Check the URL. The discover command shows the URLs on this network.';

/** Fetches and decodes the description at a URL of the user. */
export function readDescriptionAt(
  transport: Transport,
  url: string,
  { timeoutMs, signal }: FetchFlags,
): ResultAsync<DeviceDescription, Problem> {
  return checkGatewayUrl(url, { allowHostName: true })
    .asyncAndThen((location) => fetchDescription(transport, location, { deadlineMs: timeoutMs, signal }))
    .map(({ description }) => description)
    .mapErr((error) => explainUrl(url, error, IS_IT_THE_URL));
}

/** Placeholder for an unknown location: an address that is never in use (RFC 5737). */
const NOWHERE = 'http://192.0.2.1/';

export interface DescribedFile {
  readonly description: DeviceDescription;
  /** The location is a guess from the document itself. */
  readonly isLocationGuessed: boolean;
}

/**
 * Decodes a description in a file. Its URLs are relative to the location that it came from. If that is not given, the
 * document has to tell it: by URLBase, or by the first control URL with a host.
 */
export function readDescriptionIn(path: string, location: string | undefined): ResultAsync<DescribedFile, Problem> {
  return safeTry<DescribedFile, Problem>(async function* () {
    const { readFile } = process.getBuiltinModule('node:fs/promises');
    const body = yield* ResultAsync.fromPromise(readFile(path), (error) => fileError(path, error));
    const decode = (url: string): Result<DeviceDescription, InvalidArgumentError | MalformedError> =>
      decodeDeviceDescription(body, url).mapErr((error) =>
        error.kind === 'malformed' ? explainFile(path, body, error) : error,
      );
    if (location !== undefined) {
      const from = yield* checkGatewayUrl(location, { allowHostName: true });
      return decode(from).map((description) => ({ description, isLocationGuessed: false }));
    }
    const draft = yield* decode(NOWHERE);
    const guess = [draft.urlBase, ...servicesOf(draft.device).map(({ service }) => service.controlUrl)].find(
      (url) => url !== null && !url.startsWith(NOWHERE) && checkGatewayUrl(url, { allowHostName: true }).isOk(),
    );
    return decode(guess ?? NOWHERE).map((description) => ({
      description,
      isLocationGuessed: true,
    }));
  });
}

function fileError(path: string, error: unknown): FileError {
  const { code = 'EUNKNOWN' } = error as NodeJS.ErrnoException;
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    EISDIR: 'is a directory',
    EACCES: 'permission denied',
  };
  const hint = 'Pass the path of a file, or a URL that starts with http://.';
  return { kind: 'file', code, message: `${path}: ${why[code] ?? code}`, hint };
}
