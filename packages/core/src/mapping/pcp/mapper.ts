import type { Result } from '../../result.ts';
import type { Transport } from '../../ports.ts';
import {
  connectionTo,
  controlMapper,
  type ControlMapper,
  type FoundControlMapper,
} from '../port-control/control-mapper.ts';
import type { ControlServer } from '../port-control/port-control.ts';
import { probeServer, type NoServer, type ProbeOptions } from '../port-control/probe-server.ts';
import { PCP } from './protocol.ts';

/** The port mapper of a PCP server (RFC 6887). Nothing is sent. */
export function pcpMapper(transport: Transport, server: ControlServer): ControlMapper {
  return controlMapper(connectionTo(transport, server, PCP));
}

/** Asks a router by ANNOUNCE whether it has a PCP server, IPv4 or IPv6. */
export function probePcp(
  transport: Transport,
  router: ControlServer,
  options?: ProbeOptions,
): Promise<Result<FoundControlMapper, NoServer>> {
  return probeServer(PCP, transport, router, options);
}
