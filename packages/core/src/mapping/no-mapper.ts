/** Why no PCP or NAT-PMP server was found, in words. */
import type { NoGatewayError, PortwrightError, RejectedCandidate } from '../errors.ts';

const TURN_ON = "Turn on PCP, NAT-PMP or UPnP in the router's settings.";
const NAME_IT = 'Pass the address of the router as gateway, such as pcp://192.168.1.1.';

/**
 * The error of a search by PCP and NAT-PMP alone.
 *
 * @param candidates - the routers that were asked; none: this system names no default router
 */
export function noServerError(candidates: readonly RejectedCandidate[]): NoGatewayError {
  const [refused = candidates[0]] = candidates.filter(({ code }) => code === 'not-authorized');
  return {
    kind: 'no-gateway',
    code: candidates.length === 0 ? 'no-answer' : 'none-usable',
    message:
      refused === undefined
        ? 'this computer has no default router that could be asked by PCP or NAT-PMP'
        : `${refused.from ?? ''}: ${candidates.map(({ reason }) => reason).join('; ')}`,
    candidates,
    hint: refused === undefined ? NAME_IT : (hintOf(refused) ?? TURN_ON),
  };
}

/** The error of a search by UPnP, with what was found out by PCP and NAT-PMP besides. */
export function withServers<E extends PortwrightError>(error: E, candidates: readonly RejectedCandidate[]): E {
  if (error.kind !== 'no-gateway' || candidates.length === 0) return error;
  const refused = candidates.find(({ code }) => code === 'not-authorized');
  const names = [...new Set(candidates.map(({ from }) => from ?? ''))].join(', ');
  const isPcp = candidates.map(({ location }) => location?.startsWith('pcp:'));
  const what =
    new Set(isPcp).size > 1
      ? 'answers neither PCP nor NAT-PMP'
      : `does not answer ${isPcp[0] === true ? 'PCP' : 'NAT-PMP'}`;
  const found = refused === undefined ? `${names} ${what}` : `${refused.from ?? ''}: ${refused.reason}`;
  return {
    ...error,
    ...(refused === undefined ? {} : { code: 'none-usable' }),
    message: `${error.message}; ${found}`,
    candidates: [...error.candidates, ...candidates],
    hint: (refused && hintOf(refused)) ?? error.hint,
  };
}

function hintOf({ code, error }: RejectedCandidate): string | undefined {
  return code === 'not-authorized' && error !== undefined && 'hint' in error ? error.hint : undefined;
}
