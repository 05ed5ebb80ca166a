import type { Bench } from '../bench/bench.ts';
import type { Need, Permissions, Requirement } from '../checks/requirement.ts';
import { notApplicable, type Shortfall } from '../shortfall.ts';
import { ok, type Result } from '@portwright/core/result';

const NEEDS: Readonly<Record<Need, string>> = {
  'wan-host': 'a host on the WAN side',
  'second-client': 'a second client on the LAN',
  events: 'a transport that can receive events',
  reboot: 'a way to reboot the gateway',
};

/** Whether a requirement concerns this gateway and this run; else why it does not. */
export function checkApplicability(
  { appliesTo, kind, needs = [] }: Requirement,
  { subject, second, wanHost, reboot, self }: Bench,
  { write, disruptive }: Permissions,
): Result<void, Shortfall> {
  if (appliesTo !== undefined && !appliesTo.some((feature) => subject.features.has(feature))) {
    const what = subject.description === null ? 'the description can’t be read' : 'the description has none';
    return notApplicable(appliesTo.join(' or '), what);
  }
  if (kind !== 'read' && !write) return notApplicable('a run that may write', 'this run only reads');
  if (kind === 'disruptive' && !disruptive) return notApplicable('a run that may disrupt', 'this run may not disrupt');
  const has: Readonly<Record<Need, boolean>> = {
    'wan-host': wanHost !== null,
    'second-client': second !== null,
    events: self.transport.events !== undefined,
    reboot: reboot !== null,
  };
  const absent = needs.find((need) => !has[need]);
  return absent === undefined ? ok(undefined) : notApplicable(NEEDS[absent], 'not available');
}
