import { checkLocation, type LocationPolicy } from '../description/location-policy.ts';
import type { LateAnswer, RejectedCandidate } from '../errors.ts';
import type { Datagram } from '../messages.ts';
import { decodeSsdpMessage } from '../ssdp/decode.ts';
import { rejectedCandidate } from './rejected-candidate.ts';
import type { SearchAnswer, SearchReport } from './search-types.ts';

/** A home has one gateway, or a few; whoever answers with more devices is flooding (miniupnp#488). */
const MAX_LOCATIONS = 32;
/** Of one responder, so that one host alone can't crowd the others out. */
const MAX_LOCATIONS_OF_A_HOST = 8;
/** Different search targets that one device may answer to: a device with all its services has about a dozen. */
const MAX_TARGETS_OF_A_LOCATION = 32;

/** Takes in what arrives during a search, however much it is, in bounded memory. */
export interface ResponseCollector {
  take(datagram: Datagram): void;
  /** From now on an answer is late: it is told, and not handed over. */
  endTime(onLate: (answer: Omit<LateAnswer, 'afterMs'>) => void): void;
  report(): Omit<SearchReport, 'search'>;
}

/** @param router - the default router's address now; it is let in even when there are too many devices */
export function createResponseCollector(
  policy: Omit<LocationPolicy, 'responder'>,
  router: () => string | null,
  onAnswer: (answer: SearchAnswer) => void,
): ResponseCollector {
  /** By location. */
  const seen = new Map<string, { readonly from: string; readonly targets: Set<string> }>();
  const refused = new Map<string, RejectedCandidate>();
  /** Whose answers were understood. */
  const answerers = new Set<string>();
  let received = 0;
  let malformed = 0;
  let beyondLimits = 0;
  let onLate: Parameters<ResponseCollector['endTime']>[0] | null = null;

  function isWithinLimits({ from, location, isDefaultGateway }: SearchAnswer): boolean {
    const known = seen.get(location);
    if (known !== undefined) return known.targets.size < MAX_TARGETS_OF_A_LOCATION;
    if (seen.size >= MAX_LOCATIONS && !isDefaultGateway) return false;
    return [...seen.values()].filter((other) => other.from === from).length < MAX_LOCATIONS_OF_A_HOST;
  }

  function refuse(from: string, location: string | null, candidate: RejectedCandidate): void {
    if (refused.size < MAX_LOCATIONS) refused.set(`${from} ${location ?? ''}`, candidate);
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
        refuse(from, null, rejectedCandidate('bad-answer', from, null, message.error));
        return;
      }
      const answer = message.value;
      // Other hosts' searches and announcements arrive where the port is 1900.
      if (answer.kind !== 'response') return;
      if (onLate !== null) {
        onLate({ from, location: answer.location });
        return;
      }
      received += 1;
      answerers.add(from);
      checkLocation(answer.location, { ...policy, responder: from }).match(
        (location) => {
          admit({ ...answer, location, from, isDefaultGateway: from === router() });
        },
        (error) => {
          refuse(from, answer.location, rejectedCandidate('bad-location', from, answer.location, error));
        },
      );
    },
    endTime: (listener) => {
      onLate = listener;
    },
    report: () => ({
      received,
      malformed,
      beyondLimits,
      // What else a device has sent that answered properly too is not worth a word.
      refused: [...refused.values()].filter(({ code, from = '' }) => code !== 'bad-answer' || !answerers.has(from)),
    }),
  };
}
