import type { ConnectionState, FoundGateway } from '@portwright/core';
import { printable } from '@portwright/core';
import { okAsync } from 'neverthrow';
import type { CommandResult } from './outcome.ts';
import { duration, gatewayJson, makeOf, nameOf, shortType, warningsOf } from './phrases.ts';
import { candidateLines } from './report.ts';
import { definitions } from './table.ts';

/** `status`: which gateway it is, and whether it is on the Internet. */
export function status({ gateway, state, turnedDown }: FoundGateway): CommandResult {
  const { description, services, localAddress } = gateway;
  const make = makeOf(description.device);
  return okAsync({
    json: { ...state, gateway: gatewayJson(gateway), turnedDown },
    text: (terminal) =>
      definitions(terminal, [
        ['Gateway', nameOf(description.device) + (make === null ? '' : ` (${make})`)],
        ['Description', description.location],
        ['Service', shortType(services.connection.serviceType)],
        ['Status', statusPhrase(state)],
        ['External address', addressPhrase(state)],
        ['This computer', localAddress],
      ]) + candidateLines(terminal, turnedDown),
    warnings: warningsOf(state),
  });
}

function statusPhrase({ status, uptimeSeconds, lastError }: ConnectionState): string {
  const uptime = uptimeSeconds === null ? '' : ` for ${duration(uptimeSeconds)}`;
  const error = lastError === null || /^(ERROR_NONE)?$/i.test(lastError) ? '' : ` (${printable(lastError)})`;
  return `${printable(status ?? 'unknown')}${uptime}${error}`;
}

function addressPhrase({ externalAddress, externalAddressClass }: ConnectionState): string {
  return externalAddress === null ? 'unknown' : `${externalAddress} (${externalAddressClass})`;
}
