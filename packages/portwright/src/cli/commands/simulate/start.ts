/** Starts a simulated router on sockets of this computer, with what can be served. */
import type { ClockPort, TransportError } from '@portwright/core';
import { err, ok, type Result, ResultAsync } from '@portwright/core/result';
import { simulateGateway, type SimulatedGateway, type SimulateGatewayOptions } from '@portwright/transport-mock';
import {
  serveOnSockets,
  systemClock,
  type ServeOnSocketsOptions,
  type SocketMount,
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
  if (served.isOk()) {
    const mount = served.value;
    return ok({ router, mount, unserved: mount.unserved.map((error) => unservedText(error, mount)) });
  }
  // Its announcements would keep the process alive.
  await router.close();
  return err(withHint(served.error));
}

function unservedText(error: TransportError, { httpPort }: SocketMount): string {
  const { message, hint, code } = withHint(error);
  const isMoved =
    code === 'address-in-use' && message.startsWith('TCP') && !message.startsWith(`TCP port ${httpPort} `);
  return isMoved
    ? `Another program uses ${subjectOf(message)}, so the router is at port ${httpPort}`
    : `Not served: ${message}. ${hint ?? ''}`.trim();
}

/** `TCP port 5000 of 192.168.1.20` */
function subjectOf(message: string): string {
  return message.slice(0, message.indexOf(': '));
}

function withHint(error: TransportError): TransportError {
  const hint = error.message.startsWith('UDP') ? UDP_HINTS[error.code] : TCP_HINTS[error.code];
  return hint === undefined ? error : { ...error, hint };
}

const NO_ADDRESS =
  'This computer has no such address, or its network has not accepted it (IPv6: tentative or dadfailed). Start again later, or pass another --address.';

const UDP_HINTS: Readonly<Partial<Record<TransportError['code'], string>>> = {
  'address-in-use': 'Another UPnP program uses that port and does not share it. Stop that program.',
  'no-such-interface': NO_ADDRESS,
};

const TCP_HINTS: Readonly<Partial<Record<TransportError['code'], string>>> = {
  'address-in-use': 'Another program uses that port. Stop it, or pass another --address or --port.',
  'no-such-interface': NO_ADDRESS,
  'not-permitted': 'Ports below 1024 need special rights. Pass another --port.',
};
