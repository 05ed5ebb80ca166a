import type { FoundGateway } from '@portwright/core/upnp';
import { errAsync, okAsync } from '@portwright/core/result';
import { GATEWAY_OPTIONS, gatewayRequest, type GatewayRequest } from '../arguments/options.ts';
import type { UnknownError } from '../errors/problem.ts';
import type { CommandResult } from '../output/outcome.ts';
import { choiceWarnings, gatewayJson, warningsOf } from '../output/phrases.ts';
import { defineCommand, type Context } from './command.ts';

export interface IpRequest extends GatewayRequest {
  readonly command: 'ip';
}

export const command = defineCommand({
  name: 'ip',
  helpOrder: 20,
  description: 'print the external IP address',
  parameters: [],
  options: GATEWAY_OPTIONS,
  toRequest: (flags): IpRequest => ({ command: 'ip', ...gatewayRequest(flags) }),
});

/** Prints the address alone on its line, for scripts. */
export function run(request: IpRequest, { host, network }: Context): CommandResult {
  return network.connect(host, request).andThen(outcome);
}

function outcome(found: FoundGateway): CommandResult {
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
