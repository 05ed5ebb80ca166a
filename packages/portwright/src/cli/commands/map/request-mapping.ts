/** The request to the router: the one place where `map` calls the library's functions for mapping. */
import { budgetFor } from '@portwright/core/internal';
import type { AbortSignalLike } from '@portwright/core';
import { mapPort, type Lease, type LeaseStore, type MappingStep, type PortMapper } from '@portwright/core/mapping';
import type { Mapped, MapRequest } from './request.ts';

export interface MappingRequested {
  readonly steps: AsyncIterable<MappingStep>;
  readonly result: PromiseLike<Mapped>;
}

export function requestMapping(
  mapper: PortMapper,
  request: MapRequest,
  signal: AbortSignalLike,
  leases: LeaseStore,
): MappingRequested {
  const { port, internalPort, protocols, leaseSeconds, description, any, verify, trustConflicts } = request;
  const options = {
    externalPort: port,
    internalPort,
    leaseSeconds,
    description,
    port: any ? ('any' as const) : ('exact' as const),
    verify,
    trustConflicts,
    askState: false,
    budgetMs: budgetFor(request.timeoutMs),
    signal,
    leases,
  };
  const [protocol, ...others] = protocols;
  if (others.length > 0 || protocol === undefined) {
    const both = mapPort(mapper, { ...options, protocol: 'both' });
    return { steps: both.steps, result: both.map(({ ports }) => ports) };
  }
  const one = mapPort(mapper, { ...options, protocol });
  return { steps: one.steps, result: one.map((mapped) => [mapped]) };
}

/** The last grant of each protocol, as soon as there is one for each; null: there is none. */
export async function grantsOfAll(steps: AsyncIterable<MappingStep>, count: number): Promise<readonly Lease[] | null> {
  const granted = new Map<string, Lease>();
  for await (const step of steps) {
    if (step.kind !== 'granted') continue;
    granted.set(step.lease.protocol, step.lease);
    if (granted.size === count) return [...granted.values()];
  }
  return null;
}
