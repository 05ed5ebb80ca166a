import { checkLocation, type LocationPolicy } from '../description/location-policy.ts';
import type { RejectedCandidate } from '../errors.ts';
import type { Datagram } from '../messages.ts';
import { decodeSsdpMessage } from '../ssdp/decode.ts';
import { rejected } from './rejected.ts';
import type { SearchAnswer, SearchReport } from './search.ts';

/** A home has one gateway, or a few; whoever answers with more devices is flooding (miniupnp#488). */
const MAX_LOCATIONS = 32;
/** Of one responder, so that one host alone can't crowd the others out. */
const MAX_LOCATIONS_OF_A_HOST = 8;
/** Different search targets that one device may answer to: a device with all its services has about a dozen. */
const MAX_TARGETS_OF_A_LOCATION = 32;

/** Takes in what arrives during a search, however much it is, in bounded memory. */
export interface Intake {
  take(datagram: Datagram): void;
  report(): SearchReport;
}

/** @param router - the default router's address now; it is let in even when there are too many devices */
export function createIntake(
  policy: Omit<LocationPolicy, 'responder'>,
  router: () => string | null,
  onAnswer: (answer: SearchAnswer) => void,
): Intake {
  /** By location. */
  const seen = new Map<string, { readonly from: string; readonly targets: Set<string> }>();
  const refused = new Map<string, RejectedCandidate>();
  let received = 0;
  let malformed = 0;
  let beyondLimits = 0;

  function isWithinLimits({ from, location, isDefaultGateway }: SearchAnswer): boolean {
    const known = seen.get(location);
    if (known !== undefined) return known.targets.size < MAX_TARGETS_OF_A_LOCATION;
    if (seen.size >= MAX_LOCATIONS && !isDefaultGateway) return false;
    return [...seen.values()].filter((other) => other.from === from).length < MAX_LOCATIONS_OF_A_HOST;
  }

  function admit(answer: SearchAnswer): void {
    const { from, location, target } = answer;
    const { targets } = seen.get(location) ?? { targets: new Set<string>() };
    if (targets.has(target)) return;
    if (isWithinLimits(answer)) {
      seen.set(location, { from, targets: targets.add(target) });
      onAnswer(answer);
    } else {
      beyondLimits += 1;
    }
  }

  return {
    take({ payload, from: { address: from } }) {
      const message = decodeSsdpMessage(payload);
      if (message.isErr()) {
        malformed += 1;
        return;
      }
      const answer = message.value;
      // Other hosts' searches and announcements arrive where the port is 1900.
      if (answer.kind !== 'response') return;
      received += 1;
      checkLocation(answer.location, { ...policy, responder: from }).match(
        (location) => {
          admit({ ...answer, location, from, isDefaultGateway: from === router() });
        },
        (error) => {
          if (refused.size < MAX_LOCATIONS) refused.set(`${from} ${answer.location}`, rejected(answer.location, error));
        },
      );
    },
    report: () => ({ received, malformed, beyondLimits, refused: [...refused.values()] }),
  };
}
