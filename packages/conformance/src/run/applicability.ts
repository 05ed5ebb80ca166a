import { type Bench, NO_SERVER } from '../bench/bench.ts';
import type { Feature, Need, Permissions, Requirement } from '../checks/requirement.ts';
import type { Subject } from '../bench/subject.ts';
import { notApplicable, type Shortfall } from '../shortfall.ts';
import { ok, type Result } from '@portwright/core/result';

const NEEDS: Readonly<Record<Need, string>> = {
  'wan-host': 'a host on the WAN side',
  ipv6: 'a PCP server that answers over IPv6',
  'second-client': 'a second client on the LAN',
  events: 'a transport that can receive events',
  reboot: 'a way to reboot the gateway',
};

/** Whether a requirement concerns this gateway and this run; else why it does not. */
export function checkApplicability(
  { appliesTo, kind, needs = [] }: Requirement,
  bench: Bench,
  { write, disruptive }: Permissions,
): Result<void, Shortfall> {
  const { subject, second, wanHost, reboot, self } = bench;
  const isConcerned = appliesTo?.some((feature) => subject.features.has(feature)) ?? subject.isUpnp;
  if (!isConcerned) return notApplicable(appliesTo?.join(' or ') ?? 'UPnP', absenceIn(subject, appliesTo));
  if (kind !== 'read' && !write) return notApplicable('a run that may write', 'this run only reads');
  if (kind === 'disruptive' && !disruptive) return notApplicable('a run that may disrupt', 'this run may not disrupt');
  const has: Readonly<Record<Need, boolean>> = {
    'wan-host': wanHost !== null,
    ipv6: bench.pcp6().isOk(),
    'second-client': second !== null,
    events: self.transport.events !== undefined,
    reboot: reboot !== null,
  };
  const absent = needs.find((need) => !has[need]);
  return absent === undefined ? ok(undefined) : notApplicable(NEEDS[absent], 'not available');
}

const PORT_CONTROL: readonly Feature[] = ['PCP:2', 'NAT-PMP:0'];

function absenceIn({ isUpnp, description }: Subject, features: readonly Feature[] = []): string {
  if (features.some((feature) => PORT_CONTROL.includes(feature))) return NO_SERVER;
  if (!isUpnp) return 'the run does not use UPnP';
  return description === null ? 'the description can’t be read' : 'the description has none';
}
