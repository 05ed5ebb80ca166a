import { checkLocation, type LocationPolicy } from '../description/location-policy.ts';
import { hostIn } from '../description/url.ts';
import type { LateAnswer, RejectedCandidate } from '../errors.ts';
import type { Datagram } from '../messages.ts';
import { decodeSsdpMessage } from '../ssdp/decode.ts';
import type { SsdpMessage } from '../ssdp/message.ts';
import { rejectedCandidate } from './rejected-candidate.ts';
import type { SearchAnswer, SearchReport } from './search-types.ts';

/**
 * At once, of all but the default router. A home has one gateway, or a few; whoever answers with more devices is flooding
 * (miniupnp#488).
 */
const MAX_LOCATIONS = 32;
/** At once, of one responder, so that one host alone can't crowd the others out. */
const MAX_LOCATIONS_OF_A_HOST = 16;
/**
 * In a whole search: of the default router, and of all others together. Anybody can answer in the name of any host, so what
 * is beyond the limits is not dropped, but comes one after another.
 */
const MAX_LOCATIONS_OF_A_SEARCH = 40;
/** Answers that wait: the newest of each host for each search target. The oldest gives way. */
const MAX_HELD = 64;
/** Looks for which an answer that names another host waits: by then that host has been searched, and has answered. */
const LOOKS_FOR_ANOTHER = 2;
/** Different search targets that one device may answer to: a device with all its services has about a dozen. */
const MAX_TARGETS_OF_A_LOCATION = 32;

/** Takes in what arrives during a search, however much it is, in bounded memory. */
export interface ResponseCollector {
  /** A datagram that came to a socket that has searched. */
  take(datagram: Datagram): void;
  /** A datagram that came to the multicast group. One that can't be read is no answer, so it is not counted as malformed. */
  takeAnnouncement(datagram: Datagram): void;
  /**
   * Hands over the newest answer that was held back: one of the default router, and one of all others. To be called several
   * times a second.
   */
  releaseHeld(): void;
  /** From now on an answer is late: it is told, and not handed over. */
  endTime(onLate: (answer: Omit<LateAnswer, 'afterMs'>) => void): void;
  report(): Omit<SearchReport, 'search'>;
}

/**
 * @param policy - with the default router's address now: it is let in even when there are too many devices
 * @param targets - what is searched for: an announcement of anything else is no answer
 */
export function createResponseCollector(
  policy: Omit<LocationPolicy, 'responder'>,
  targets: readonly string[],
  onAnswer: (answer: SearchAnswer) => void,
): ResponseCollector {
  /** By location. */
  const seen = new Map<string, { readonly from: string; readonly targets: Set<string> }>();
  /** By host and search target; the newest is the last. */
  const held = new Map<string, { readonly answer: SearchAnswer; readonly since: number }>();
  let looks = 0;
  const refused = new Map<string, RejectedCandidate>();
  let received = 0;
  let malformed = 0;
  let beyondLimits = 0;
  let onLate: Parameters<ResponseCollector['endTime']>[0] | null = null;

  function locationsOf(host: string): number {
    return [...seen.values()].filter(({ from }) => from === host).length;
  }

  function locationsLike({ isDefaultGateway }: SearchAnswer): number {
    const ofRouter = locationsOf(policy.defaultRouter ?? '');
    return isDefaultGateway ? ofRouter : seen.size - ofRouter;
  }

  function isWithinLimits(answer: SearchAnswer): boolean {
    const known = seen.get(answer.location);
    if (known !== undefined) return known.targets.size < MAX_TARGETS_OF_A_LOCATION;
    return (
      locationsOf(answer.from) < MAX_LOCATIONS_OF_A_HOST &&
      (answer.isDefaultGateway || locationsLike(answer) < MAX_LOCATIONS)
    );
  }

  /**
   * The LOCATION as it was sent, if it names another host of this network, and else null. That host may answer the search,
   * too: miniupnpd answers from its link-local and from its global IPv6 address, and names the global one in both answers.
   */
  function ownUrlOf({ named, location }: SearchAnswer): string | null {
    const own = { ...policy, rewriteToResponder: false, responder: hostIn(named) };
    const url = checkLocation(named, own).unwrapOr(location);
    return url === location ? null : url;
  }

  function refuse(from: string, location: string | null, candidate: RejectedCandidate): void {
    const key = `${from} ${location ?? ''}`;
    const [oldest = ''] = refused.keys();
    // What is wrong with the default router matters most to a person.
    if (refused.size >= MAX_LOCATIONS && from === policy.defaultRouter && !refused.has(key)) refused.delete(oldest);
    if (refused.size < MAX_LOCATIONS) refused.set(key, candidate);
  }

  /** Whether an answer of it was understood. */
  function hasAnswered(host: string): boolean {
    const others = [...refused.values()].some(({ code, from }) => code !== 'bad-answer' && from === host);
    return others || locationsOf(host) > 0;
  }

  function handOver(answer: SearchAnswer): void {
    const { from, location, target } = answer;
    const known = seen.get(location)?.targets ?? new Set();
    seen.set(location, { from, targets: known.add(target) });
    onAnswer(answer);
  }

  function admit(answer: SearchAnswer): void {
    const { from, location, target } = answer;
    if (seen.get(location)?.targets.has(target) === true) return;
    const isWithin = isWithinLimits(answer);
    if (isWithin && (seen.has(location) || ownUrlOf(answer) === null)) {
      handOver(answer);
      return;
    }
    if (!isWithin) beyondLimits += 1;
    // An answer to a search target that was not sent is forged.
    if (seen.has(location) || !targets.some(isTypeOf(target))) return;
    const key = `${from} ${target}`;
    const earlier = held.get(key);
    const since = earlier?.answer.location === location ? earlier.since : looks;
    held.delete(key);
    const [oldest = ''] = held.keys();
    if (held.size >= MAX_HELD) held.delete(oldest);
    held.set(key, { answer, since });
  }

  function release(isOfRouter: boolean): void {
    for (const [key, { answer, since }] of [...held].reverse()) {
      const ownUrl = ownUrlOf(answer);
      if (answer.isDefaultGateway !== isOfRouter || (ownUrl !== null && looks < since + LOOKS_FOR_ANOTHER)) continue;
      if (locationsLike(answer) >= MAX_LOCATIONS_OF_A_SEARCH) return;
      held.delete(key);
      if (seen.has(ownUrl ?? '')) continue;
      handOver(answer);
      return;
    }
  }

  function takeMessage(message: SsdpMessage, from: string): void {
    if (message.kind !== 'response' && !(message.kind === 'alive' && targets.some(isTypeOf(message.target)))) return;
    const named = message.location;
    if (onLate !== null) {
      onLate({ from, location: named });
      return;
    }
    received += 1;
    checkLocation(named, { ...policy, responder: from }).match(
      (location) => {
        admit({ ...message, location, named, from, isDefaultGateway: from === policy.defaultRouter });
      },
      (error) => {
        refuse(from, named, rejectedCandidate('bad-location', from, named, error));
      },
    );
  }

  return {
    take({ payload, from: { address: from } }) {
      decodeSsdpMessage(payload).match(
        (message) => {
          takeMessage(message, from);
        },
        (error) => {
          malformed += 1;
          refuse(from, null, rejectedCandidate('bad-answer', from, null, error));
        },
      );
    },
    takeAnnouncement({ payload, from: { address: from } }) {
      const message = decodeSsdpMessage(payload).unwrapOr(null);
      if (message !== null) takeMessage(message, from);
    },
    releaseHeld() {
      looks += 1;
      release(true);
      release(false);
    },
    endTime: (listener) => {
      onLate = listener;
    },
    report: () => ({
      received,
      malformed,
      beyondLimits,
      // What else a device has sent that answered properly too is not worth a word.
      refused: [...refused.values()].filter(({ code, from = '' }) => code !== 'bad-answer' || !hasAnswered(from)),
    }),
  };
}

/** Whether something announced is of the type that is searched for. Its version shows in its description. */
function isTypeOf(announced: string): (target: string) => boolean {
  return (target) => target === 'ssdp:all' || withoutVersion(target) === withoutVersion(announced);
}

function withoutVersion(type: string): string {
  return type.replace(/:\d{1,9}$/, '');
}
