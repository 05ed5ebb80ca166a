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
import { NAT_PMP } from './protocol.ts';

/** The port mapper of a NAT-PMP gateway (RFC 6886). Nothing is sent. */
export function natPmpMapper(transport: Transport, server: ControlServer): ControlMapper {
  return controlMapper(connectionTo(transport, server, NAT_PMP));
}

/** Asks a router for its external address, to learn whether it has a NAT-PMP server. IPv4 only. */
export function probeNatPmp(
  transport: Transport,
  router: ControlServer,
  options?: ProbeOptions,
): Promise<Result<FoundControlMapper, NoServer>> {
  return probeServer(NAT_PMP, transport, router, options);
}
