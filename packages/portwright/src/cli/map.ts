import type { AbortSignalLike, CallError, FoundGateway, Gateway, PortMapping } from '@portwright/core';
import { mapPort, unmapPort } from '@portwright/core';
import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { Outcome, Outcoming } from './outcome.ts';
import { gatewayJson, lease, route, warningsOf } from './phrases.ts';
import type { MapRequest } from './requests.ts';

/** `map`: opens a port to this computer. */
export function map(found: FoundGateway, request: MapRequest, signal: AbortSignalLike): Outcoming {
  return new ResultAsync(mapAll(found, request, signal));
}

async function mapAll(
  { gateway, state }: FoundGateway,
  { port, internalPort, protocols, leaseSeconds, description }: MapRequest,
  signal: AbortSignalLike,
): Promise<Result<Outcome, CallError>> {
  const mapped: PortMapping[] = [];
  let problem: CallError | undefined;
  for (const protocol of protocols) {
    // A request that has been sent is heard to its end, interrupted or not: else nobody would know what became of it.
    const asked = { externalPort: port, protocol, internalPort, leaseSeconds, description };
    const result = await mapPort(gateway, asked);
    if (result.isErr()) problem = result.error;
    else mapped.push(result.value);
    if (signal.aborted) return err(await undo(gateway, mapped));
    if (problem !== undefined) break;
  }
  if (problem !== undefined && mapped.length === 0) return err(problem);
  const { externalAddress } = state;
  return ok({
    json: { mappings: mapped, externalAddress, gateway: gatewayJson(gateway) },
    text: (terminal) =>
      mapped
        .map((mapping) => `${terminal.style('green', route(mapping, externalAddress))} is mapped${term(mapping)}\n`)
        .join(''),
    warnings: warningsOf(state),
    problem,
  });
}

function term(mapping: PortMapping): string {
  return mapping.leaseSeconds === 0 ? ' until it is unmapped' : ` for ${lease(mapping)}`;
}

/** Takes back what has been mapped: an interrupted command leaves nothing behind. */
async function undo(gateway: Gateway, mapped: readonly PortMapping[]): Promise<CallError> {
  const left: string[] = [];
  for (const { externalPort, protocol } of mapped) {
    const result = await unmapPort(gateway, { externalPort, protocol });
    if (result.isErr()) left.push(`${protocol} ${externalPort}`);
  }
  const message =
    left.length === 0 ? 'interrupted; nothing is mapped' : `interrupted; ${left.join(' and ')} stays mapped`;
  return { kind: 'transport', code: 'aborted', message };
}
