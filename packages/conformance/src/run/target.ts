import {
  type AbortSignalLike,
  checkGatewayUrl,
  decodeDeviceDescription,
  headerValue,
  type HttpResponse,
  type InvalidArgumentError,
  type MalformedError,
  type NoGatewayError,
  parseUpnpType,
  type PolicyError,
  type Transport,
  type TransportError,
} from '@portwright/core';
import { discover, type Gateway, selectServices } from '@portwright/core/upnp';
import {
  A_TRANSPORT,
  checkArguments,
  GATEWAY,
  LATE_MS,
  noGatewayError,
  oneOf,
  options,
  TEXT,
} from '@portwright/core/internal';
import { err, ok, ResultAsync, type Result } from '@portwright/core/result';
import type { Caller } from '../bench/caller.ts';
import { serviceUnderTest } from '../bench/service-under-test.ts';
import { type DescribedService, type Subject, subjectAt } from '../bench/subject.ts';
import { featuresOf, findPortControl } from './find-port-control.ts';
import { findDefaultRouter, findServers, secondWithoutUpnp } from './find-servers.ts';
import type { Found } from './found.ts';
import { neighboursOf, noAddressNear } from './neighbours.ts';
import { authorityOf, excerpt, latin1 } from '../wire/text.ts';

/**
 * Which gateway: by the URL of its description, by a search on this transport, or one that was found already, whose
 * connection service is the one to be checked. `port-control` is a gateway at this address without UPnP: it is checked by
 * PCP and NAT-PMP alone. So is the default router, where a search finds no gateway.
 */
export type Target =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'search'; readonly timeoutMs?: number | undefined; readonly interface?: string | undefined }
  | { readonly kind: 'gateway'; readonly gateway: Gateway }
  | { readonly kind: 'port-control'; readonly address: string };

export type TargetError = InvalidArgumentError | MalformedError | NoGatewayError | PolicyError | TransportError;

const TARGETS = {
  url: options({ url: TEXT }),
  search: options(),
  gateway: options({ gateway: GATEWAY }),
  'port-control': options({ address: TEXT }),
};

/** What was passed as a transport, and as a target. */
export function checkTarget(transport: Transport, target: Target): Result<void, InvalidArgumentError> {
  return checkArguments(
    ['transport', transport, A_TRANSPORT],
    ['target', target, options({ kind: oneOf(...Object.keys(TARGETS)) })],
  ).andThen(() => checkArguments(['target', target, TARGETS[target.kind]]));
}

/** Milliseconds for the description. */
const PATIENCE_MS = 10_000;

/**
 * The gateway is asked for its description once; whether that is as it should be is not looked at here.
 *
 * Errors: `malformed` where there is none at all, and `no-gateway` where it is that of another device, so that nobody waits
 * for all checks to fail one by one.
 */
export function findTarget(
  transport: Transport,
  target: Target,
  signal?: AbortSignalLike,
): ResultAsync<Found, TargetError> {
  if (target.kind === 'port-control') return new ResultAsync(findServers(transport, target.address));
  return locate(transport, target, signal)
    .andThen((location) => new ResultAsync(lookAt(transport, target, location, signal)))
    .orElse((error) => new ResultAsync(orDefaultRouter(transport, target, error)));
}

async function orDefaultRouter(
  transport: Transport,
  target: Target,
  error: TargetError,
): Promise<Result<Found, TargetError>> {
  const isUnfound = target.kind === 'search' && error.kind === 'no-gateway';
  const router = isUnfound ? await findDefaultRouter(transport, target.interface) : null;
  return router === null ? err(error) : ok(router);
}

function locate(
  transport: Transport,
  target: Exclude<Target, { readonly kind: 'port-control' }>,
  signal: AbortSignalLike | undefined,
): ResultAsync<string, TargetError> {
  switch (target.kind) {
    case 'url':
      return checkGatewayUrl(target.url, {}).asyncAndThen((url) => ResultAsync.fromSafePromise(Promise.resolve(url)));
    case 'gateway':
      return ResultAsync.fromSafePromise(Promise.resolve(target.gateway.description.location));
    case 'search':
      return discover(transport, {
        timeoutMs: target.timeoutMs,
        interface: target.interface,
        // While it has searches to answer, a simple gateway serves nothing else: with a slow console for more than 3 s.
        deadlineMs: PATIENCE_MS,
        signal,
        lateMs: LATE_MS,
      }).andThen(({ devices, rejected, report }): Result<string, TargetError> => {
        const gateways = devices.filter(({ description }) => selectServices(description).usable.length > 0);
        const isDefault = ({ answers }: (typeof devices)[number]): boolean =>
          answers.some(({ isDefaultGateway }) => isDefaultGateway);
        const [first] = [...gateways.filter(isDefault), ...gateways];
        if (first !== undefined) return ok(first.location);
        const others = devices.flatMap(({ description, answers: [answer] }) =>
          selectServices(description).rejected.map((one) => ({ ...one, from: answer?.from })),
        );
        return err(noGatewayError(report.search, [...rejected, ...others]));
      });
  }
}

async function lookAt(
  transport: Transport,
  target: Target,
  location: string,
  signal: AbortSignalLike | undefined,
): Promise<Result<Found, TargetError>> {
  const answered = await fetchFrom(transport, location, undefined, signal);
  if (answered.isErr()) return err(answered.error);
  const { body, localAddress } = answered.value;
  const description = decodeDeviceDescription(body, location).unwrapOr(null);
  const found = notADescription(answered.value, description !== null);
  if (found !== null) return err(noDescription(location, found, target));
  const subject = subjectAt(location, description);
  const address = localAddress ?? (await neighboursOf(transport, subject.host))[0];
  if (address === undefined) return err(noAddressNear(subject.host));
  const self = { transport, address };
  const connection = await connectionOf(subject, self, target);
  const other = connection === null ? otherDevice(subject) : null;
  if (other !== null) return err(noGateway(location, other, target));
  const portControl = await findPortControl(self, subject.host);
  const features = new Set([...subject.features, ...featuresOf(portControl)]);
  return ok({ subject: { ...subject, features }, self, connection, portControl });
}

/** What it is in place of a gateway; null: it says that it is one, or does not say what it is, which is for the checks. */
function otherDevice({ description, features }: Subject): string | null {
  const type = description?.device.deviceType ?? '';
  const isGateway = [...features].some((feature) => feature.startsWith('InternetGatewayDevice:'));
  return isGateway ? null : (parseUpnpType(type)?.name ?? null);
}

/** What came in place of a description; null: one that can be read, or what is meant to be one and is for the checks. */
function notADescription({ status, headers, body }: HttpResponse, isReadable: boolean): string | null {
  if (status < 200 || status > 299) {
    const location = headerValue(headers, 'LOCATION');
    return location === undefined ? `HTTP ${status}` : `HTTP ${status}, which redirects to ${excerpt(location)}`;
  }
  if (isReadable) return null;
  // In UTF-16 there is a NUL at every letter.
  const text = latin1(body).replaceAll('\0', '');
  if (/<(?:[\w.-]+:)?(?:root|device)(?![\w.-])/i.test(text)) return null;
  return text.trim() === '' ? 'nothing' : excerpt(text.trim());
}

function noDescription(location: string, found: string, { kind }: Target): MalformedError {
  return {
    kind: 'malformed',
    code: 'description',
    message: `expected a device description at ${location}, found ${found}`,
    expected: 'a device description',
    where: location,
    excerpt: found,
    ...hintFor(kind),
  };
}

function noGateway(location: string, type: string, { kind }: Target): NoGatewayError {
  return {
    kind: 'no-gateway',
    code: 'none-usable',
    message: `expected a gateway at ${location}, found ${excerpt(type)}`,
    candidates: [],
    ...hintFor(kind),
  };
}

function hintFor(kind: Target['kind']): { readonly hint?: string } {
  return kind === 'url'
    ? {
        hint: 'Use the LOCATION from the gateway’s answer to a search, or leave the URL out to search for the gateway.',
      }
    : {};
}

/**
 * The connection to be checked: the one of the gateway that was given, else the first that is connected, else the first;
 * a WANIPConnection before a WANPPPConnection.
 */
async function connectionOf(subject: Subject, self: Caller, target: Target): Promise<DescribedService | null> {
  const named = (name: string): readonly DescribedService[] => subject.services.filter((one) => one.name === name);
  const services = [...named('WANIPConnection'), ...named('WANPPPConnection')];
  if (target.kind === 'gateway') {
    const { controlUrl, serviceType } = target.gateway.services.connection;
    const given = services.find((one) => one.controlUrl === controlUrl && one.type === serviceType);
    if (given !== undefined) return given;
  }
  const [first = null] = services;
  for (const service of services.filter(({ name }) => name === first?.name)) {
    if (services.length === 1) break;
    const bound = serviceUnderTest(service, self, () => undefined);
    const status = bound.isOk() ? await bound.value.succeed('GetStatusInfo') : err(null);
    if (status.isOk() && status.value.get('NewConnectionStatus')?.trim() === 'Connected') return service;
  }
  return first;
}

/** The second client: the one that was given, or this host by another address of the same subnet. */
export async function findSecond({ subject, self }: Found, given: Transport | undefined): Promise<Caller | null> {
  if (!subject.isUpnp) return secondWithoutUpnp(subject, self, given);
  if (given !== undefined) {
    const answered = await fetchFrom(given, subject.location, undefined);
    const address = answered.isOk() ? answered.value.localAddress : undefined;
    return address === undefined ? null : { transport: given, address };
  }
  for (const address of await neighboursOf(self.transport, subject.host)) {
    if (address === self.address) continue;
    const answered = await fetchFrom(self.transport, subject.location, address);
    if (answered.isOk()) return { transport: self.transport, address };
  }
  return null;
}

function fetchFrom(
  { http }: Transport,
  url: string,
  localAddress: string | undefined,
  signal?: AbortSignalLike,
): ReturnType<Transport['http']['request']> {
  const headers = [
    ['Host', authorityOf(url)],
    ['Connection', 'close'],
  ] as const;
  const limits = { deadlineMs: PATIENCE_MS, maxBodyBytes: 1_048_576, localAddress, signal };
  return http.request({ method: 'GET', url, headers, body: new Uint8Array() }, limits);
}
