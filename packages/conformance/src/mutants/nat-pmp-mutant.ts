/** Gateways with one defect in their mappings by NAT-PMP. */
import { numberAt } from '../wire/fields.ts';
import { type Rewrite, rewritesAnswers, withNumber } from './control-mutant.ts';

/** Opcodes. */
export const UDP = 1;
export const TCP = 2;
/** Offsets in answers, and in requests. */
export const RESULT = 2;
export const INTERNAL_PORT = 8;
export const EXTERNAL_PORT = 10;
export const LIFETIME = 8;

export function isMapping(request: Uint8Array): boolean {
  return request.length === 12 && numberAt(request, LIFETIME, 4) > 0;
}

export function isDeletion(request: Uint8Array): boolean {
  return request.length === 12 && numberAt(request, LIFETIME, 4) === 0;
}

/** What is done to the answers for a mapping that was granted before, and not deleted since. */
export function afterFirst(rewrite: Rewrite): Rewrite {
  const known = new Set<string>();
  return (answer, request) => {
    const key = request.slice(1, 6).join();
    if (isDeletion(request)) known.delete(key);
    if (!isMapping(request)) return answer;
    const isAgain = known.has(key);
    known.add(key);
    return isAgain ? rewrite(answer, request) : answer;
  };
}

/** A mapping of TCP has the first of its external ports for ever, once such a request was made. */
export function staysWhere(isMeant: (request: Uint8Array) => boolean): ReturnType<typeof rewritesAnswers> {
  return rewritesAnswers('nat-pmp', () => {
    const first = new Map<string, number>();
    const fixed = new Set<string>();
    return (answer, request) => {
      const key = request.slice(1, 6).join();
      if (request[1] !== TCP) return answer;
      if (isMeant(request)) fixed.add(key);
      if (!isMapping(request)) return answer;
      const former = first.get(key);
      if (former === undefined) first.set(key, numberAt(answer, EXTERNAL_PORT, 2));
      return former !== undefined && fixed.has(key) ? withNumber(answer, EXTERNAL_PORT, former, 2) : answer;
    };
  });
}
