import { milliseconds } from '../clock/duration.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { hasPortControl } from '../port-control/port-control-server.ts';
import type { InjectOptions } from './fault.ts';
import { PORT_CONTROL, PURPOSES, UNASKED } from './fault-set.ts';

/**
 * Refuses an injection that could never happen, or not as it is meant: a test that injects such a fault would pass
 * without it.
 *
 * @param reach - what the fault can happen to
 * @throws RangeError that says what is wrong, and what there is.
 */
export function checkInjection(name: string, reach: readonly string[], options: InjectOptions, gateway: Gateway): void {
  const refuse = (what: string): never => {
    throw new RangeError(`${name}: ${what}`);
  };
  const { on, nth, times, after = 0, until, probability = 1 } = options;
  for (const [option, count] of Object.entries({ nth, times })) {
    if (count !== undefined && count !== Infinity && !(Number.isInteger(count) && count >= 1)) {
      refuse(`${option} must be a whole number from 1, not ${count}`);
    }
  }
  if (nth === Infinity) refuse('nth must be a finite number');
  if (!(probability > 0 && probability <= 1)) refuse(`probability must be above 0 and at most 1, not ${probability}`);
  const [begins, ends] = [milliseconds(after), milliseconds(until ?? Infinity)];
  if (ends <= begins) {
    refuse(`it would end (until ${ends} ms) before it starts (after ${begins} ms)`);
  }
  const isOfPortControl = reach.length > 0 && reach.every((name) => (PORT_CONTROL as readonly string[]).includes(name));
  if (isOfPortControl && !hasPortControl(gateway)) {
    refuse("it applies to PCP and NAT-PMP, which this gateway's protocols leave out");
  }
  if (on !== undefined) checkOccasion(on, reach, gateway, refuse);
}

function checkOccasion(on: string, reach: readonly string[], gateway: Gateway, refuse: (what: string) => never): void {
  const { services, config } = gateway;
  const actions = services
    .flatMap(({ definition }) => [...definition.actions.keys()])
    .filter((action) => !config.omittedActions.includes(action));
  const isAction = actions.includes(on);
  const requests: readonly string[] = [
    ...PURPOSES,
    'search',
    ...(hasPortControl(gateway) ? PORT_CONTROL : []),
    ...UNASKED,
  ];
  if (!isAction && !requests.includes(on)) {
    const all = [...requests, ...new Set(actions)].join(', ');
    refuse(`this gateway has no action or request ${on}; it has: ${all}`);
  }
  const isWithin =
    reach.includes(on) ||
    (isAction && reach.includes('control')) ||
    (on === 'control' && reach.some((name) => actions.includes(name)));
  if (!isWithin) refuse(`it does not apply to ${on}; it applies to: ${reach.join(', ')}`);
}
