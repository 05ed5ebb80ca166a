/** The external address of a PCP or NAT-PMP server. */
import type { CallOptions } from '../../call-options.ts';
import { NAT_PMP } from '../nat-pmp/protocol.ts';
import type { GatewayState } from '../port-mapper.ts';
import { askQuestion, type Connection } from './connection.ts';
import { familyOf } from './control-lease.ts';
import { ServerState } from './server-state.ts';

/**
 * PCP tells the address with a mapping alone. Before one, the server is asked by NAT-PMP: those that have PCP mostly answer
 * that as well (RFC 6887, appendix A).
 */
export async function readServerState(connection: Connection, limits: CallOptions): Promise<GatewayState> {
  const { protocol, state, transport, server } = connection;
  if (protocol.via === 'nat-pmp') await ask(connection, limits);
  if (state.state !== null || protocol.via === 'nat-pmp' || familyOf(server) === 'ipv6') return state.state ?? {};
  const byNatPmp = new ServerState(NAT_PMP, transport.random);
  await ask({ transport, server, protocol: NAT_PMP, state: byNatPmp, localAddress: null }, limits);
  return byNatPmp.state ?? {};
}

/** What it answers is in the state of the connection; without an answer, that stays as it is. */
async function ask(connection: Connection, limits: CallOptions): Promise<void> {
  (await askQuestion(connection, 'discovery', limits)).unwrapOr(null);
}
