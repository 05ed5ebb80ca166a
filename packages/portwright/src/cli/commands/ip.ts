import type { GatewayState, SearchedMapper, Via } from '@portwright/core/mapping';
import type { ConnectionState } from '@portwright/core/upnp';
import { errAsync, okAsync, ResultAsync } from '@portwright/core/result';
import { MAPPER_OPTIONS, mapperRequest, type MapperRequest } from '../arguments/options.ts';
import type { UnknownError } from '../errors/problem.ts';
import type { CommandResult } from '../output/outcome.ts';
import { choiceWarnings, mapperJson, warningsOf } from '../output/phrases.ts';
import { defineCommand, type Context } from './command.ts';

export interface IpRequest extends MapperRequest {
  readonly command: 'ip';
}

export const command = defineCommand({
  name: 'ip',
  helpOrder: 20,
  description: 'print the external IP address',
  parameters: [],
  options: MAPPER_OPTIONS,
  toRequest: (flags): IpRequest => ({ command: 'ip', ...mapperRequest(flags) }),
});

/** Prints the address alone on its line, for scripts. */
export function run(request: IpRequest, { host, network }: Context): CommandResult {
  return network.connectMapper(host, request, { trustDefaultRouter: false }).andThen((found) => {
    const state = found.state ?? found.mapper.readState({ signal: host.signal });
    return ResultAsync.fromSafePromise(Promise.resolve(state)).andThen((told) => outcome(found, told));
  });
}

/** @param state - of a UPnP gateway with everything that it reports */
function outcome(found: SearchedMapper, state: GatewayState & Partial<ConnectionState>): CommandResult {
  const { mapper } = found;
  const { externalAddress = null, externalAddressClass = 'invalid', errors = [], connected = false } = state;
  if (externalAddress === null) {
    // No answer says nothing about the router's connection.
    const failure = errors.find(({ kind }) => kind === 'transport');
    if (failure !== undefined) return errAsync(failure);
    const error: UnknownError = {
      kind: 'unknown',
      code: 'external-address',
      message: 'the router reports no external address',
      hint: hintFor(mapper.via, connected),
      errors,
    };
    return errAsync(error);
  }
  return okAsync({
    json: { externalAddress, externalAddressClass, gateway: mapperJson(mapper) },
    text: () => `${externalAddress}\n`,
    warnings: [...choiceWarnings(found), ...warningsOf(state)],
  });
}

function hintFor(via: Via, connected: boolean): string {
  if (via === 'pcp') return 'PCP tells the address with a mapping alone: the map command shows it.';
  return connected
    ? 'It is connected, but without a public address, as behind another router. The status command shows more.'
    : 'It may have no Internet connection. The status command shows more.';
}
