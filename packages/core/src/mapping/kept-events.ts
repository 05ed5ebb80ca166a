/** What happens to a mapping that is kept, for programs to follow. */
import type { AddressClass } from '../description/address-class.ts';
import type { CheckedKey, PortMapping } from '../client/port-mapping.ts';
import type { FindGatewayError } from '../client/find-gateway.ts';
import type { MapPortError, MappedPort } from './map-port.ts';

export type KeptEvent =
  /** It stands for the first time. */
  | { readonly kind: 'mapped'; readonly mapping: MappedPort }
  | { readonly kind: 'renewed'; readonly mapping: PortMapping }
  /** It has another external port, another internal client, or is on another gateway than before. */
  | { readonly kind: 'moved'; readonly mapping: MappedPort; readonly from: PortMapping }
  /** It is gone, and could not be had again; the next try follows by itself. */
  | { readonly kind: 'lost'; readonly error: KeepError; readonly retryInMs: number }
  /**
   * It was gone, and stands again as it was: after `lost`; or without that, where it was found gone when the gateway had
   * been started anew, and could be had again at once.
   */
  | { readonly kind: 'restored'; readonly mapping: MappedPort }
  /**
   * The gateway is reached from outside at another address than the last that was known, be it another gateway, or the
   * same one after a restart; null: at none that it knows.
   */
  | { readonly kind: 'externalAddress'; readonly address: string | null; readonly addressClass: AddressClass };

export type KeepError = MapPortError | FindGatewayError | LapsedError | ThrownError;

/** Its lease has ended, and it was not to be asked for again yet. */
export interface LapsedError {
  readonly kind: 'lapsed';
  readonly code: 'lapsed';
  readonly message: string;
}

/**
 * What the caller gave has thrown: `find`, `policy` or `onGranted`. It is tried again; what `onGranted` was told of is taken
 * back until then.
 */
export interface ThrownError {
  readonly kind: 'thrown';
  readonly code: 'thrown';
  readonly message: string;
  readonly cause: unknown;
}

export function lapsedError({ externalPort, protocol }: CheckedKey): LapsedError {
  return { kind: 'lapsed', code: 'lapsed', message: `the lease of ${protocol} port ${externalPort} has ended` };
}

export function thrownError(cause: unknown): ThrownError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return {
    kind: 'thrown',
    code: 'thrown',
    message: `a function that was given to the keeper has thrown: ${text}`,
    cause,
  };
}
