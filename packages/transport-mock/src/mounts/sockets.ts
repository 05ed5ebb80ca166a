/// <reference lib="esnext.disposable" preserve="true" />
/** The simulated gateway on real sockets, for programs that know nothing of it. */
import type { TransportError } from '@portwright/core';
import { err, ok, type Result, ResultAsync } from '@portwright/core/result';
import { descriptionUrl } from '../description/description-url.ts';
import { isLoopback } from '../network/ip-address.ts';
import { PORT_CONTROL_PORT } from '../port-control/port-control-server.ts';
import type { MountedGateway } from './mounted-gateway.ts';
import { GatewaySockets, type UnservedPart } from './sockets/gateway-sockets.ts';

export { systemClock } from './sockets/system-clock.ts';
export type { UnservedPart } from './sockets/gateway-sockets.ts';

export interface ServeOnSocketsOptions {
  /**
   * `multicast`: SSDP as it is, on port 1900, shared with others that share it. `loopback`: searches that are sent to
   * the address itself, on a free port, and no announcements. `false`: no searches and no announcements. Default:
   * `loopback` on a loopback address, else `multicast`.
   */
  readonly ssdp?: 'multicast' | 'loopback' | false | undefined;
  /** What stands for port 1900, in announcements as well. Default: 1900 with multicast, else 0, a free one. */
  readonly ssdpPort?: number | undefined;
  /** What stands for UDP port 5351, PCP's and NAT-PMP's. Default: 0, a free one, on a loopback address, else 5351. */
  readonly portControlPort?: number | undefined;
  /** The interface whose IPv6 addresses are the gateway's, too. Default: the one that has its IPv4 address. */
  readonly interfaceName?: string | undefined;
  /** Milliseconds of real time in which a request has to be complete; then 408. Default: 5,000. */
  readonly requestDeadlineMs?: number | undefined;
  /**
   * Whether a part that cannot be served leaves the rest as it is: searches, PCP and NAT-PMP, where another program has
   * their port, and an IPv6 address that the system has not verified. {@link SocketMount.unserved} has the reasons. Default: false.
   */
  readonly servesPartly?: boolean | undefined;
  /** Whether it takes a free port where the gateway's `httpPort` is taken. Default: false. */
  readonly takesFreePort?: boolean | undefined;
}

/** A gateway that is served on sockets. Where it moves (a reboot, another port) they follow. */
export interface SocketMount extends AsyncDisposable {
  /** The gateway's IPv4 address. */
  readonly address: string;
  /** The TCP port of descriptions and control, as it is now. */
  readonly httpPort: number;
  /** The UDP port for searches; null without SSDP. */
  readonly ssdpPort: number | null;
  /** The UDP port of PCP and NAT-PMP; null for a gateway without them, or where it could not be opened. */
  readonly portControlPort: number | null;
  /** The URL of its description, for clients that do without discovery. */
  readonly descriptionUrl: string;
  /** What is not served, or not on its own port, and why. */
  readonly unserved: readonly UnservedPart[];
  /**
   * What came of the latest move, when it is done. After a reboot the new port may be taken: then the gateway takes a
   * free one. An error: it can't be reached any more, and may be moved again.
   */
  settled(): ResultAsync<void, TransportError>;
  /** Says byebye, ends every connection, and waits until all ports are free. May be called again. */
  close(): Promise<void>;
}

/**
 * Serves a gateway on its own LAN address, which has to be one of this machine's, and on its `httpPort`; 0 takes a free
 * port. Of its IPv6 addresses those are served that the same interface has.
 *
 * Delays pass on the router's clock: {@link systemClock} for programs outside of this process.
 *
 * Errors: `address-in-use`, `no-such-interface`, `not-permitted`, and `failed` for whatever the system says besides.
 *
 * @example
 * ```ts
 * await using router = simulateGateway({ clock: systemClock(), lanAddress: '127.0.0.1', httpPort: 0 });
 * await using mount = (await serveOnSockets(router))._unsafeUnwrap();
 * const description = await fetch(mount.descriptionUrl);
 * ```
 */
export function serveOnSockets(
  router: MountedGateway,
  options: ServeOnSocketsOptions = {},
): ResultAsync<SocketMount, TransportError> {
  return new ResultAsync(serve(router, options));
}

async function serve(
  router: MountedGateway,
  options: ServeOnSocketsOptions,
): Promise<Result<SocketMount, TransportError>> {
  const { machine } = router;
  const isOnLoopback = isLoopback(machine.config.lanAddress);
  const { ssdp = isOnLoopback ? 'loopback' : 'multicast' } = options;
  const sockets = new GatewaySockets({
    router,
    ssdp,
    ssdpPort: options.ssdpPort ?? (ssdp === 'multicast' ? 1900 : 0),
    portControlPort: options.portControlPort ?? (isOnLoopback ? 0 : PORT_CONTROL_PORT),
    interfaceName: options.interfaceName,
    requestDeadlineMs: options.requestDeadlineMs ?? 5_000,
    servesPartly: options.servesPartly ?? false,
    takesFreePort: options.takesFreePort ?? false,
  });
  const served = await sockets.open();
  if (served.isErr()) {
    await sockets.close();
    return err(served.error);
  }
  const detach = machine.attach(sockets);
  machine.greet([sockets]);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    if (closing === undefined) {
      machine.announce('byebye', [sockets]);
      detach();
      closing = sockets.close();
    }
    return closing;
  };
  return ok({
    get address() {
      return machine.config.lanAddress;
    },
    get httpPort() {
      return machine.config.httpPort;
    },
    get ssdpPort() {
      return sockets.ssdpPort;
    },
    get portControlPort() {
      return sockets.portControlPort;
    },
    get descriptionUrl() {
      return descriptionUrl(machine.config, machine.config.lanAddress);
    },
    get unserved() {
      return sockets.unserved;
    },
    settled: () => new ResultAsync(sockets.settled),
    close,
    [Symbol.asyncDispose]: close,
  });
}
