import type { FoundGateway } from '@portwright/core';
import { errAsync, okAsync } from '@portwright/core/result';
import type { CommandResult } from './outcome.ts';
import { choiceWarnings, gatewayJson, warningsOf } from './phrases.ts';
import type { UnknownError } from './problem.ts';

/** `ip`: the external address, alone on its line, for scripts. */
export function ip(found: FoundGateway): CommandResult {
  const { gateway, state } = found;
  const { externalAddress, externalAddressClass } = state;
  if (externalAddress === null) {
    // No answer says nothing about the router's connection.
    const failure = state.errors.find(({ kind }) => kind === 'transport');
    if (failure !== undefined) return errAsync(failure);
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
    warnings: [...choiceWarnings(found), ...warningsOf(state)],
  });
}
