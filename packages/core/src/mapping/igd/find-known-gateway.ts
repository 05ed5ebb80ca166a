/** A second start that is faster than a search: the gateway of the last one is tried at once. */
import { ok, safeTry, type ResultAsync } from '../../result.ts';
import { checkArguments, FILE, OPTIONS, A_TRANSPORT } from '../../arguments.ts';
import { createAbort } from '../../abort.ts';
import { connectionState, rankOf, type ConnectionState } from '../../client/connection-state.ts';
import { ipv4DefaultRouter } from '../../client/default-router.ts';
import { fetchDescription } from '../../client/fetch-description.ts';
import { findGateway, type FindGatewayError, type FindGatewayOptions } from '../../client/find-gateway.ts';
import { createGateway, type Gateway } from '../../client/gateway.ts';
import { createQueue, deadlineFor } from '../../client/queue.ts';
import { gatewayWarnings } from '../../client/gateway-warnings.ts';
import type { FoundGateway } from '../../client/select-gateway.ts';
import { selectServices } from '../../client/select-services.ts';
import { classifyAddress } from '../../addresses/address-class.ts';
import { inSubnet, sameAddress } from '../../addresses/ip-address.ts';
import { checkLocation } from '../../description/location-policy.ts';
import { hostIn } from '../../description/url.ts';
import type { FilePort, Transport } from '../../ports.ts';
import { readObjects, textIn } from '../leases/json-store.ts';

/** What is remembered: where a gateway was, and what shows that it is still the same. */
interface KnownGateway {
  readonly location: string;
  /** {@link DeviceDescription.named} */
  readonly named?: string | undefined;
  readonly udn: string;
  readonly controlUrl: string;
}

/** A gateway at hand answers in a few milliseconds; for one that is gone nobody should wait. */
const RECALL = { deadlineMs: 1000 };
/** One that answers within this time makes a search needless, and with it the answers of a whole household's devices. */
const HEAD_START_MS = 150;

/**
 * Finds a gateway like {@link findGateway}, and remembers it. The next time it is asked where it was, and a search begins
 * only if it does not answer within 150 ms; it is believed only if its description still has the same UDN and control URL.
 * One that the search would not go to, by its `interface` and `families`, is not asked.
 *
 * The state is null where `trustDefaultRouter` was given: a gateway that is known is not asked for it either.
 */
export function findKnownGateway(
  transport: Transport,
  file: FilePort,
  options: FindGatewayOptions = {},
): ResultAsync<FoundGateway<ConnectionState | null>, FindGatewayError> {
  return safeTry<FoundGateway<ConnectionState | null>, FindGatewayError>(async function* () {
    yield* checkArguments(['transport', transport, A_TRANSPORT], ['file', file, FILE], ['options', options, OPTIONS]);
    const text = (await file.read()).unwrapOr(null);
    const known = readKnown(text);
    const enough = createAbort(options.signal);
    const wanted = { ...options, signal: enough.signal };
    const recalled = recall(transport, known, wanted);
    const atOnce = await Promise.race([recalled, transport.clock.sleep(HEAD_START_MS, enough.signal)]);
    if (atOnce) {
      enough.abort();
      return ok(atOnce);
    }
    const searched = findGateway(transport, wanted);
    const remembered = await Promise.race([recalled, nullOnSuccess(searched)]);
    if (remembered !== null) {
      enough.abort();
      // It ends at once, and its sockets are closed then.
      (await searched).unwrapOr(null);
      return ok(remembered);
    }
    const result = await searched;
    enough.abort();
    await recalled;
    const found = yield* result;
    const now = write(found.gateway);
    // Nothing depends on it: the next start takes as long as this one.
    if (now !== text) (await file.write(now)).unwrapOr(undefined);
    return ok(found);
  });
}

/** A search that has failed does not count, while the gateway of the last time may still answer. */
function nullOnSuccess(searched: ResultAsync<unknown, unknown>): Promise<null> {
  return new Promise((resolve) => {
    void searched.then((result) => {
      if (result.isOk()) resolve(null);
    });
  });
}

async function recall(
  transport: Transport,
  known: KnownGateway | null,
  options: FindGatewayOptions,
): Promise<FoundGateway<ConnectionState | null> | null> {
  const { trustDefaultRouter = false, signal, deadlineMs = deadlineFor(options.timeoutMs) } = options;
  const location = known === null ? null : await allowedLocation(transport, known.location, options);
  if (known === null || location === null || !(await isSearched(transport, location, null, options))) return null;
  const fetched = (await fetchDescription(transport, location, { ...RECALL, signal }, { named: known.named })).unwrapOr(
    null,
  );
  if (fetched === null || fetched.description.device.udn !== known.udn) return null;
  const services = selectServices(fetched.description).usable.find(
    ({ connection }) => connection.controlUrl === known.controlUrl,
  );
  if (services === undefined || !(await isSearched(transport, location, fetched.localAddress, options))) return null;
  const gateway = createGateway(
    transport,
    fetched.description,
    services,
    fetched.localAddress,
    createQueue(deadlineMs),
  );
  const warnings = await gatewayWarnings(gateway);
  if (trustDefaultRouter) return { gateway, state: null, rejected: [], warnings };
  const state = await connectionState(gateway, { ...RECALL, signal });
  // One that has lost its line is no better than what a search finds.
  return rankOf(state) < 2 ? { gateway, state, rejected: [], warnings } : null;
}

/**
 * The URL, if the answer to a search could have named it: the file may be a stranger's, and would have this host send
 * requests to itself, or to any server on the Internet.
 */
async function allowedLocation(
  transport: Transport,
  location: string,
  { locations }: FindGatewayOptions,
): Promise<string | null> {
  const responder = hostIn(location);
  if (classifyAddress(responder) === 'loopback') return null;
  const listed = (await transport.interfaces.list()).unwrapOr([]);
  const defaultRouter = await ipv4DefaultRouter(transport);
  return checkLocation(location, { ...locations, responder, interfaces: listed, defaultRouter }).unwrapOr(null);
}

/** Whether a search goes there: what the subnet says, and what the connection does, once there was one. */
async function isSearched(
  { interfaces }: Transport,
  location: string,
  localAddress: string | null,
  { preferFamily, families = ['ipv4'], interface: wanted = '' }: FindGatewayOptions,
): Promise<boolean> {
  const host = hostIn(location);
  const family = host.includes(':') ? 'ipv6' : 'ipv4';
  // One of the other family is good enough only where a search finds no better one.
  if (!families.includes(family) || (preferFamily ?? family) !== family) return false;
  if (wanted === '') return true;
  const listed = (await interfaces.list()).unwrapOr([]);
  const chosen = listed.find(({ name, address }) => name === wanted || sameAddress(address, wanted));
  return listed.some(
    ({ name, address, prefixLength }) =>
      name === chosen?.name &&
      (localAddress === null ? inSubnet(host, address, prefixLength) : sameAddress(address, localAddress)),
  );
}

function readKnown(text: string | null): KnownGateway | null {
  for (const stored of readObjects(text)) {
    const location = textIn(stored, 'location');
    const named = textIn(stored, 'named') ?? undefined;
    const udn = textIn(stored, 'udn');
    const controlUrl = textIn(stored, 'controlUrl');
    if (location !== null && udn !== null && controlUrl !== null) return { location, named, udn, controlUrl };
  }
  return null;
}

function write({ description, services }: Gateway): string {
  const { location, named, device } = description;
  return `${JSON.stringify([{ location, named, udn: device.udn, controlUrl: services.connection.controlUrl }])}\n`;
}
