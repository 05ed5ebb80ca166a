import type { AbortSignalLike, CallError, ConnectionState, FoundGateway, Gateway, PortMapping } from '@portwright/core';
import { addMapping, connectionState, deleteMapping } from '@portwright/core';
import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { Afterwards, CommandResult, Outcome } from './outcome.ts';
import { gatewayJson, lease, route, warningsOf } from './phrases.ts';
import type { MapRequest } from './requests.ts';

/** `map`: opens a port to this computer. */
export function map(found: MaybeAsked, request: MapRequest, signal: AbortSignalLike): CommandResult {
  return new ResultAsync(mapAll(found, request, signal));
}

type MaybeAsked = FoundGateway<ConnectionState | null>;

async function mapAll(
  { gateway, state }: MaybeAsked,
  { port, internalPort, protocols, leaseSeconds, description }: MapRequest,
  signal: AbortSignalLike,
): Promise<Result<Outcome, CallError>> {
  const mapped: PortMapping[] = [];
  let problem: CallError | undefined;
  for (const protocol of protocols) {
    // A request that has been sent is heard to its end, interrupted or not: else nobody would know what became of it.
    const asked = { externalPort: port, protocol, internalPort, leaseSeconds, description };
    const result = await addMapping(gateway, asked);
    if (result.isErr()) problem = result.error;
    else mapped.push(result.value);
    if (signal.aborted) return err(await undo(gateway, mapped));
    if (problem !== undefined) break;
  }
  if (problem !== undefined && mapped.length === 0) return err(problem);
  return ok({
    json: { mappings: mapped, gateway: gatewayJson(gateway) },
    text: (terminal) =>
      mapped.map((mapping) => `${terminal.style('green', route(mapping, null))} is mapped${term(mapping)}\n`).join(''),
    afterwards: async () => outside(port, state ?? (await connectionState(gateway, { signal }))),
    problem,
  });
}

/** Where the port is to be reached, and what may stand in the way. */
function outside(port: number, state: ConnectionState): Afterwards {
  const { externalAddress } = state;
  const unknown = 'The gateway does not know its external address.';
  return {
    json: { externalAddress },
    text: () => (externalAddress === null ? '' : `From outside it is ${externalAddress}:${port}\n`),
    warnings: [...(externalAddress === null ? [unknown] : []), ...warningsOf(state)],
  };
}

function term(mapping: PortMapping): string {
  // Version 2 gateways make a week of it (WANIPConnection:2, 2.5.21).
  return mapping.leaseSeconds === 0 ? ', permanently if the gateway allows it' : ` for ${lease(mapping)}`;
}

/** Takes back what has been mapped: an interrupted command leaves nothing behind. */
async function undo(gateway: Gateway, mapped: readonly PortMapping[]): Promise<CallError> {
  const left: string[] = [];
  for (const { externalPort, protocol } of mapped) {
    const result = await deleteMapping(gateway, { externalPort, protocol });
    if (result.isErr()) left.push(`${protocol} ${externalPort}`);
  }
  const message =
    left.length === 0 ? 'interrupted; nothing is mapped' : `interrupted; ${left.join(' and ')} stays mapped`;
  return { kind: 'transport', code: 'aborted', message };
}
