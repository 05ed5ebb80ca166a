/** What happens to a mapping that is kept, for programs to follow. */
import type { AddressClass } from '../../addresses/address-class.ts';
import type { CheckedKey } from '../../port-mapping.ts';
import type { FindMapperError } from '../find-mapper.ts';
import type { MappedPort } from '../port-mapper.ts';
import type { Lease, MapPortError } from '../types.ts';

export type KeptEvent =
  /** It stands for the first time. */
  | { readonly kind: 'mapped'; readonly mapping: MappedPort }
  | { readonly kind: 'renewed'; readonly mapping: Lease }
  /** It has another external port, another internal client, or is on another gateway than before. */
  | { readonly kind: 'moved'; readonly mapping: MappedPort; readonly from: Lease }
  /** It is gone, and could not be had again; the next try follows by itself. */
  | { readonly kind: 'lost'; readonly error: KeepError; readonly retryInMs: number }
  /**
   * It was gone, and stands again as it was: after `lost`; or without that, where it was found gone after a restart of the
   * gateway, and could be had again at once.
   */
  | { readonly kind: 'restored'; readonly mapping: MappedPort }
  /**
   * The gateway is reached from outside at another address than the last that was known, be it another gateway, or the
   * same one after a restart; null: at none that it knows.
   */
  | { readonly kind: 'externalAddress'; readonly address: string | null; readonly addressClass: AddressClass };

export type KeepError = MapPortError | FindMapperError | LapsedError | ThrownError;

const RETRIED = 'The keeper tries again by itself.';

/** The mapping ended before the keeper renewed it. */
export interface LapsedError {
  readonly kind: 'lapsed';
  /** `lapsed`: the lease expired; `dropped`: the router no longer has the mapping, although the lease lasts. */
  readonly code: 'lapsed' | 'dropped';
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A function of the caller threw: `find` or `policy`. The keeper tries again. */
export interface ThrownError {
  readonly kind: 'thrown';
  readonly code: 'thrown';
  readonly message: string;
  readonly hint?: string | undefined;
  readonly cause: unknown;
}

export function lapsedError({ externalPort, protocol }: CheckedKey): LapsedError {
  return {
    kind: 'lapsed',
    code: 'lapsed',
    message: `the lease of ${protocol} port ${externalPort} expired`,
    hint: RETRIED,
  };
}

export function droppedError({ externalPort, protocol }: CheckedKey): LapsedError {
  return {
    kind: 'lapsed',
    code: 'dropped',
    message: `the router no longer maps ${protocol} port ${externalPort}`,
    hint: RETRIED,
  };
}

export function thrownError(cause: unknown): ThrownError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return {
    kind: 'thrown',
    code: 'thrown',
    message: `a function passed to the keeper threw: ${text}`,
    hint: RETRIED,
    cause,
  };
}
