/** The events of a kept port, and its errors. */
import type { AddressClass } from '../../addresses/address-class.ts';
import type { CheckedKey } from '../../port-mapping.ts';
import type { FindMapperError } from '../find-mapper.ts';
import type { MappedPort } from '../port-mapper.ts';
import type { Lease, MapPortError } from '../types.ts';

export type KeptEvent =
  /** The gateway has granted the port for the first time. */
  | { readonly kind: 'mapped'; readonly mapping: MappedPort }
  | { readonly kind: 'renewed'; readonly mapping: Lease }
  /** The external port, the internal address or the gateway has changed. */
  | { readonly kind: 'moved'; readonly mapping: MappedPort; readonly from: Lease }
  /** The mapping is gone and could not be restored. The keeper tries again in `retryInMs` milliseconds. */
  | { readonly kind: 'lost'; readonly error: KeepError; readonly retryInMs: number }
  /**
   * The mapping was gone, and is restored as it was: after `lost`, or at once when the keeper finds it gone after a restart
   * of the gateway.
   */
  | { readonly kind: 'restored'; readonly mapping: MappedPort }
  /**
   * The external address has changed, on the same gateway or by a change to another one. Null: the gateway reports none.
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
