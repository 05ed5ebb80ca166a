/** Starts a simulated router on sockets of this computer, with what can be served. */
import type { ClockPort, TransportError } from '@portwright/core';
import { err, ok, type Result, ResultAsync } from '@portwright/core/result';
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import {
  serveOnSockets,
  systemClock,
  type ServeOnSocketsOptions,
  type SocketMount,
  type UnservedPart,
} from '@portwright/transport-mock/sockets';

export interface Started {
  readonly router: SimulatedGateway<ClockPort>;
  readonly mount: SocketMount;
  /** What is not served, and why: a sentence each. */
  readonly unserved: readonly string[];
}

/** Errors: as `serveOnSockets`, when even IPv4 clients could not reach it. Then nothing of it is left running. */
export function startRouter(
  options: SimulateGatewayOptions<ClockPort>,
  mountOptions: ServeOnSocketsOptions = {},
): ResultAsync<Started, TransportError> {
  return new ResultAsync(start(options, mountOptions));
}

async function start(
  options: SimulateGatewayOptions<ClockPort>,
  mountOptions: ServeOnSocketsOptions,
): Promise<Result<Started, TransportError>> {
  const router = simulateGateway({ clock: systemClock(), ...options });
  const served = await serveOnSockets(router, { servesPartly: true, ...mountOptions });
  if (served.isOk()) return ok({ router, mount: served.value, unserved: served.value.unserved.map(unservedText) });
  // Its announcements would keep the process alive.
  await router.close();
  return err({ ...served.error, hint: HINTS.http[served.error.code] ?? served.error.hint });
}

function unservedText({ part, error, moved }: UnservedPart): string {
  if (moved !== null) return `Another program uses TCP port ${moved.from}, so the router is at port ${moved.to}.`;
  return `Not served: ${error.message}. ${HINTS[part][error.code] ?? ''}`.trim();
}

const NO_ADDRESS =
  'This computer has no such address, or its network has not accepted it (IPv6: tentative or dadfailed). Start again later, or pass another --address.';

/** What the person who started it can do. */
const HINTS: Readonly<Record<UnservedPart['part'], Readonly<Partial<Record<TransportError['code'], string>>>>> = {
  ssdp: {
    'address-in-use': 'Another UPnP program uses that port and does not share it. Stop that program.',
    'no-such-interface': NO_ADDRESS,
  },
  'port-control': {
    'address-in-use': 'Another program answers PCP or NAT-PMP there. Stop it, or pass another --address.',
    'no-such-interface': NO_ADDRESS,
  },
  http: {
    'address-in-use': 'Another program uses that port. Stop it, or pass another --address or --port.',
    'no-such-interface': NO_ADDRESS,
    'not-permitted': 'Ports below 1024 need special rights. Pass another --port.',
  },
};
