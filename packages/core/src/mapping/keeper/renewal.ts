/** Renews a kept lease, and emits the event of its outcome. */
import type { Result } from '../../result.ts';
import { sameHost } from '../../addresses/ip-address.ts';
import type { AbortSignalLike, Transport } from '../../ports.ts';
import { DEFAULT_BUDGET_MS, timeBudget } from '../internal/budget.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import { isOn } from '../same-gateway.ts';
import type { MappedPort, PortMapper, RenewalError } from '../port-mapper.ts';
import type { Lease } from '../types.ts';
import { droppedError, thrownError, type KeepError } from './events.ts';
import type { GatewayMonitor } from './gateway-monitor.ts';
import type { Inspector } from './inspector.ts';
import { fail, lose, succeed } from './lease-state.ts';
import type { KeptPort } from './kept-port.ts';

/** The parts of a keeper that a renewal uses. */
export interface RenewalParts {
  readonly transport: Pick<Transport, 'clock' | 'random'>;
  readonly leases: LeaseStore;
  readonly monitor: Pick<GatewayMonitor, 'mapper' | 'bind' | 'checkNow'>;
  readonly inspector: Pick<Inspector, 'isGone' | 'notice'>;
}

/** @param signal - aborts when nothing is kept any more */
export async function renewKept(
  mapping: KeptPort,
  mapper: PortMapper,
  parts: RenewalParts,
  signal: AbortSignalLike,
): Promise<void> {
  const { lease, doubt } = mapping;
  const { leases, inspector } = parts;
  const before = lease !== null && isOn(lease, mapper) ? lease : null;
  mapping.doubt = null;
  try {
    const isGone = before !== null && doubt !== null && (await inspector.isGone(mapper, before, signal));
    if (isGone) {
      leases.drop(mapping, before);
      if (doubt === 'silent-loss') lose(mapping, droppedError(before), 0);
    }
    const wasLost = mapping.phase === 'lost' || isGone;
    const renewed = await ask(mapping, mapper, before, parts);
    if (renewed.isOk()) await tellSuccess(mapping, mapper, renewed.value, wasLost, parts);
    else tellFailure(mapping, renewed.error.error, renewed.error.isActive, parts);
  } catch (error) {
    const isActive = mapping.granted !== null && leases.endOf(mapping, lease) > parts.transport.clock.now();
    tellFailure(mapping, thrownError(error), isActive, parts);
  }
  await leases.written();
}

/** Asks for the lease that there was on this gateway, or may be; else for a new one. */
async function ask(
  mapping: KeptPort,
  mapper: PortMapper,
  before: Lease | null,
  { transport, leases }: RenewalParts,
): Promise<Result<MappedPort, RenewalError>> {
  const { options, lease, phase, failures } = mapping;
  const ledger = leases.ledger(mapping, mapper);
  const signal = {
    get aborted() {
      return mapping.phase === 'closed' || options.signal?.aborted === true;
    },
  };
  const budget = timeBudget(transport.clock, options.budgetMs ?? DEFAULT_BUDGET_MS, signal);
  const request = { ...options, askState: lease === null, signal };
  const known = before ?? ledger.unknown()[0];
  if (known !== undefined) {
    const wasSeen = phase === 'mapped' && failures === 0;
    return mapper.renew(known, request, { ledger, budget, wasSeen });
  }
  const mapped = await mapper.map(request, { ledger, budget, startAt: lease?.externalPort });
  return mapped.mapErr((error) => ({ error, isActive: false }));
}

async function tellSuccess(
  mapping: KeptPort,
  asked: PortMapper,
  mapped: MappedPort,
  wasLost: boolean,
  { transport, leases, monitor, inspector }: RenewalParts,
): Promise<void> {
  const { mapper, granted } = mapped;
  if (mapper !== asked && monitor.mapper === asked) monitor.bind(mapper, null);
  const { lease } = mapping;
  succeed(mapping, mapped, transport);
  inspector.notice(mapping);
  await leases.written();
  // Closed while it was written down: the one who closes it waits, and gives it back.
  if (mapping.phase === 'closed') return;
  if (lease === null) mapping.emit({ kind: 'mapped', mapping: mapped });
  else if (!isOn(lease, mapper) || !leadsAlike(granted, lease)) {
    mapping.emit({ kind: 'moved', mapping: mapped, from: lease });
  } else if (wasLost) mapping.emit({ kind: 'restored', mapping: mapped });
  else mapping.emit({ kind: 'renewed', mapping: granted });
}

function tellFailure(
  mapping: KeptPort,
  error: KeepError,
  isActive: boolean,
  { transport, leases, monitor }: RenewalParts,
): void {
  const { lease, phase } = mapping;
  if (phase === 'closed') return;
  const endsAt = leases.endOf(mapping, lease);
  const hasOutlasted = isActive && endsAt <= transport.clock.now();
  fail(mapping, error, !isActive ? null : hasOutlasted ? Infinity : endsAt, transport);
  // It has outlasted its lease, as was seen just now: believed until the next look.
  if (hasOutlasted && lease !== null) leases.prolong(mapping, lease, mapping.dueAt);
  const last = error.kind === 'not-mapped' ? error.attempts.at(-1)?.error : undefined;
  // Perhaps the gateway is gone: that is seen at the next look, and this is the time for it.
  if (last?.kind === 'transport') monitor.checkNow();
}

/** Whether a port leads to where it led. */
function leadsAlike(granted: Lease, before: Lease): boolean {
  return (
    granted.externalPort === before.externalPort &&
    granted.internalPort === before.internalPort &&
    sameHost(granted.internalClient, before.internalClient) !== 'different'
  );
}
