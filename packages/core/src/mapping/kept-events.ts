/** What happens to a mapping that is kept, for programs to follow. */
import type { AddressClass } from '../description/address-class.ts';
import type { PortMapping } from '../client/port-mapping.ts';
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
  /** It was gone, and stands again as it was. */
  | { readonly kind: 'restored'; readonly mapping: MappedPort }
  /** The gateway is reached from outside at another address; null: at none that it knows. */
  | { readonly kind: 'externalAddress'; readonly address: string | null; readonly addressClass: AddressClass };

export type KeepError = MapPortError | FindGatewayError;
