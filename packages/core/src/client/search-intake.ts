import { sameAddress } from '../description/ip-address.ts';
import { checkLocation, type LocationPolicy } from '../description/location-policy.ts';
import type { RejectedCandidate } from '../errors.ts';
import type { Datagram } from '../messages.ts';
import type { InterfaceAddress } from '../ports.ts';
import { decodeSsdpMessage } from '../ssdp/decode.ts';
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

export interface IntakeContext {
  readonly interfaces: readonly InterfaceAddress[];
  /** The default router's address; it is let in even when the limits are reached. */
  readonly router: string | null;
  readonly locations: Omit<LocationPolicy, 'responder' | 'interfaces'>;
}

export function createIntake(context: IntakeContext, onAnswer: (answer: SearchAnswer) => void): Intake {
  /** Responder, then location, then search targets. */
  const seen = new Map<string, Map<string, Set<string>>>();
  const refused = new Map<string, RejectedCandidate>();
  let received = 0;
  let malformed = 0;
  let beyondLimits = 0;
  let locations = 0;

  function admit(from: string, location: string, target: string): 'new' | 'known' | 'too-many' {
    const ofHost = seen.get(from) ?? new Map<string, Set<string>>();
    const targets = ofHost.get(location) ?? new Set<string>();
    if (targets.has(target)) return 'known';
    if (targets.size >= MAX_TARGETS_OF_A_LOCATION) return 'too-many';
    if (targets.size === 0) {
      const isRouter = context.router !== null && sameAddress(from, context.router);
      if (ofHost.size >= MAX_LOCATIONS_OF_A_HOST || (locations >= MAX_LOCATIONS && !isRouter)) return 'too-many';
      locations += 1;
    }
    seen.set(from, ofHost.set(location, targets.add(target)));
    return 'new';
  }

  return {
    take({ payload, from: { address: from } }) {
      const message = decodeSsdpMessage(payload);
      if (message.isErr()) {
        malformed += 1;
        return;
      }
      // Other hosts' searches and announcements arrive where the port is 1900.
      if (message.value.kind !== 'response') return;
      const answer = message.value;
      received += 1;
      const { interfaces, locations: policy } = context;
      const location = checkLocation(answer.location, { ...policy, responder: from, interfaces });
      if (location.isErr()) {
        const { error } = location;
        if (refused.size < MAX_LOCATIONS) {
          refused.set(`${from} ${answer.location}`, {
            location: answer.location,
            name: null,
            reason: error.message,
            error,
          });
        }
        return;
      }
      const admitted = admit(from, location.value, answer.target);
      if (admitted === 'too-many') beyondLimits += 1;
      if (admitted !== 'new') return;
      const isDefaultGateway = context.router !== null && sameAddress(from, context.router);
      onAnswer({ ...answer, location: location.value, from, isDefaultGateway });
    },
    report: () => ({ received, malformed, beyondLimits, refused: [...refused.values()] }),
  };
}
