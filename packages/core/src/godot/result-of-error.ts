import type { CallError } from '../errors.ts';
import { UPNPResult } from './upnp-result.ts';

/**
 * What a gateway's error code is to Godot (modules/upnp, `upnp_result`); every other code is UNKNOWN_ERROR. The names on
 * both sides mean the same, but for 403: "Out of Sync" until UDA 1.0, and HTTP's "Forbidden" to those who send it.
 */
const RESULT_OF_CODE: Readonly<Record<number, UPNPResult>> = {
  402: 20,
  403: 1,
  501: 5,
  606: 1,
  714: 4,
  715: 6,
  716: 7,
  718: 13,
  724: 14,
  725: 15,
  726: 9,
  727: 10,
  728: 11,
  729: 12,
  730: 2,
  732: 8,
  733: 3,
};

/**
 * The number for an error.
 *
 * @param onTheWire - what a failure of the transport is: HTTP_ERROR in a call, SOCKET_ERROR in a search
 */
export function resultOfError(error: CallError, onTheWire: UPNPResult = UPNPResult.HTTP_ERROR): UPNPResult {
  switch (error.kind) {
    case 'upnp-fault':
      return RESULT_OF_CODE[error.code ?? 0] ?? UPNPResult.UNKNOWN_ERROR;
    case 'refusal':
      return UPNPResult.UNKNOWN_ERROR;
    case 'malformed':
      return UPNPResult.INVALID_RESPONSE;
    case 'invalid-argument':
      // miniupnpc fails to connect to what is no URL.
      return error.code === 'not-a-url' ? onTheWire : UPNPResult.INVALID_ARGS;
    case 'transport':
      if (error.code === 'aborted' || error.code === 'no-such-interface') return UPNPResult.UNKNOWN_ERROR;
      return error.cause === 'ENOMEM' ? UPNPResult.MEM_ALLOC_ERROR : onTheWire;
  }
}
