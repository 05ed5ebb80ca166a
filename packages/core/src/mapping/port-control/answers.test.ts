/** What an answer means for the request that it answers. */
import { describe, expect, it } from 'vitest';
import { err, ok } from '../../result.ts';
import type { TransportError } from '../../errors.ts';
import { NAT_PMP } from '../nat-pmp/protocol.ts';
import { PCP } from '../pcp/protocol.ts';
import { decisive, deletionOutcome, mapOutcome, type MapOutcome } from './answers.ts';
import type { Answer, MapRequest } from './port-control.ts';

const REQUEST: MapRequest = {
  protocol: 'UDP',
  internalPort: 7777,
  externalPort: 7777,
  externalAddress: null,
  lifetimeSeconds: 3600,
  nonce: '0123456789abcdef01234567',
  isExact: true,
};
const timeout: TransportError = { kind: 'transport', code: 'timeout', message: 'no answer' };

function mapped(changes: Partial<Extract<Answer, { kind: 'mapped' }>> = {}): Answer {
  return { kind: 'mapped', epochSeconds: 1, externalPort: 7777, lifetimeSeconds: 3600, ...changes };
}

function refused(resultCode: number, lifetimeSeconds = 0): Answer {
  return { kind: 'refused', epochSeconds: 1, resultCode, lifetimeSeconds };
}

function inWords(outcome: MapOutcome): string {
  if (outcome.kind === 'granted') return `granted ${outcome.externalPort} for ${outcome.leaseSeconds}`;
  return `${outcome.kind}: ${outcome.error.kind} ${String(outcome.error.code)}`;
}

describe('an answer to a request for a mapping', () => {
  const ANSWERS: readonly {
    readonly what: string;
    readonly answer: Answer;
    readonly exact: string;
    /** If another port will do. */
    readonly any?: string;
  }[] = [
    { what: 'as wanted', answer: mapped(), exact: 'granted 7777 for 3600' },
    { what: 'with a shorter lease', answer: mapped({ lifetimeSeconds: 60 }), exact: 'granted 7777 for 60' },
    {
      what: 'with a lease for ever',
      answer: mapped({ lifetimeSeconds: 4_294_967_295 }),
      exact: 'granted 7777 for 3600',
    },
    {
      what: 'with another port',
      answer: mapped({ externalPort: 7778 }),
      exact: 'other-port: refusal port-not-available',
      any: 'granted 7778 for 3600',
    },
    { what: 'with port 0', answer: mapped({ externalPort: 0 }), exact: 'lost: malformed response' },
    { what: 'with a lease of 0', answer: mapped({ lifetimeSeconds: 0 }), exact: 'refused: malformed response' },
    { what: 'refused', answer: refused(2), exact: 'refused: refusal not-authorized' },
    {
      what: 'in another version',
      answer: { kind: 'other-version', version: 0 },
      exact: 'refused: refusal unsupported-version',
    },
    { what: 'to another question', answer: { kind: 'present', epochSeconds: 1 }, exact: 'refused: malformed response' },
  ];
  it.each(ANSWERS)('$what', ({ answer, exact, any = exact }) => {
    expect(inWords(mapOutcome(PCP, REQUEST, true, ok(answer)))).toBe(exact);
    expect(inWords(mapOutcome(PCP, REQUEST, false, ok(answer)))).toBe(any);
  });

  it.each([
    [true, 'lost: transport timeout'],
    [false, 'refused: transport timeout'],
  ])('none; may have arrived: %s', (mayHaveArrived, expected) => {
    expect(inWords(mapOutcome(PCP, REQUEST, true, err({ error: timeout, mayHaveArrived })))).toBe(expected);
  });

  it('another port names both ports', () => {
    const outcome = mapOutcome(PCP, REQUEST, true, ok(mapped({ externalPort: 1024 })));
    expect(outcome).toMatchObject({ error: { message: 'the router grants port 1024 instead of port 7777' } });
  });
});

describe('of several requests', () => {
  const of = (kind: MapOutcome['kind']): { readonly outcome: MapOutcome } => ({
    outcome: { kind, externalPort: 7777, leaseSeconds: 60, error: timeout },
  });
  it.each([
    [['refused', 'granted'], 'granted'],
    [['lost', 'other-port', 'granted'], 'granted'],
    [['refused', 'other-port'], 'other-port'],
    [['refused', 'lost'], 'lost'],
    [['refused', 'refused'], 'refused'],
  ] as const)('%j: %s decides', (kinds, expected) => {
    const [first, ...others] = kinds.map(of);
    expect(decisive([first as { readonly outcome: MapOutcome }, ...others]).outcome.kind).toBe(expected);
  });
});

describe('an answer to a deletion', () => {
  it.each([
    ['PCP', PCP, mapped({ lifetimeSeconds: 0, externalPort: 0 }), 'deleted'],
    ['PCP, which goes on mapping', PCP, mapped(), 'malformed response'],
    ['PCP, of what is not there (miniupnp#132)', PCP, refused(8), 'absent'],
    ['PCP, of another owner or a renewed pinhole', PCP, refused(2), 'refusal not-authorized'],
    ['NAT-PMP', NAT_PMP, mapped({ lifetimeSeconds: 0, externalPort: 0 }), 'deleted'],
    ['NAT-PMP, refused', NAT_PMP, refused(4), 'refusal no-resources'],
  ] as const)('%s: %s', (_of, protocol, answer, expected) => {
    const came = deletionOutcome(protocol, ok(answer)).match(
      (how) => how,
      ({ kind, code }) => `${kind} ${String(code)}`,
    );
    expect(came).toBe(expected);
  });

  it('none', () => {
    expect(deletionOutcome(PCP, err({ error: timeout, mayHaveArrived: true }))).toMatchObject({ error: timeout });
  });
});
