import type { FoundGateway } from '@portwright/core';
import { errAsync, okAsync } from '@portwright/core/result';
import type { CommandResult } from '../output/outcome.ts';
import { gatewayJson, warningsOf } from '../output/phrases.ts';
import type { UnknownError } from '../errors/problem.ts';

/** `ip`: the external address, alone on its line, for scripts. */
export function ip({ gateway, state }: FoundGateway): CommandResult {
  const { externalAddress, externalAddressClass } = state;
  if (externalAddress === null) {
    const error: UnknownError = {
      kind: 'unknown',
      code: 'external-address',
      message: 'the router reports no external address',
      hint: state.connected
        ? 'It is connected, but without a public address, as behind another router. The status command shows more.'
        : 'It may have no Internet connection. The status command shows more.',
      errors: state.errors,
    };
    return errAsync(error);
  }
  return okAsync({
    json: { externalAddress, externalAddressClass, gateway: gatewayJson(gateway) },
    text: () => `${externalAddress}\n`,
    warnings: warningsOf(state),
  });
}
