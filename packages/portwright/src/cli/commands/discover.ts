import { type DiscoveredDevice, type Discovery, selectServices } from '@portwright/core/upnp';
import { noGatewayError } from '@portwright/core/internal';
import { errAsync, okAsync } from '@portwright/core/result';
import { SEARCH_OPTIONS, searchRequest, type SearchRequest } from '../arguments/options.ts';
import type { CommandResult } from '../output/outcome.ts';
import { makeOf, nameOf, shortType } from '../output/phrases.ts';
import { candidateLines } from '../output/report.ts';
import type { Terminal } from '../output/terminal.ts';
import { truncate } from '../output/width.ts';
import { defineCommand, type Context } from './command.ts';

export interface DiscoverRequest extends SearchRequest {
  readonly command: 'discover';
}

export const command = defineCommand({
  name: 'discover',
  helpOrder: 10,
  description: 'search the network and show every device that answers',
  parameters: [],
  options: SEARCH_OPTIONS,
  toRequest: (flags): DiscoverRequest => ({ command: 'discover', ...searchRequest(flags) }),
});

export function run(request: DiscoverRequest, { host, network }: Context): CommandResult {
  return network.search(host, request).andThen(outcome);
}

function outcome({ devices, rejected, report }: Discovery): CommandResult {
  if (devices.length === 0) return errAsync(noGatewayError(report.search, rejected));
  const { received, malformed, beyondLimits, search } = report;
  return okAsync({
    json: { devices: devices.map(deviceJson), rejected, search: { received, malformed, beyondLimits, ...search } },
    text: (terminal) =>
      devices.map((device) => deviceLines(terminal, device)).join('\n') + candidateLines(terminal, rejected),
  });
}

function deviceJson({ location, description, localAddress, answers }: DiscoveredDevice): object {
  const { friendlyName, manufacturer, modelName, modelNumber, deviceType, udn } = description.device;
  const { usable } = selectServices(description);
  return {
    location,
    name: friendlyName,
    manufacturer,
    model: modelName,
    modelNumber,
    deviceType,
    udn,
    isGateway: usable.length > 0,
    connectionServices: usable.map(({ connection }) => connection),
    searchTargets: answers.map(({ target }) => target),
    server: answers[0]?.server ?? null,
    from: answers[0]?.from ?? null,
    isDefaultGateway: answers.some(({ isDefaultGateway }) => isDefaultGateway),
    localAddress,
  };
}

function deviceLines(terminal: Terminal, { location, description, answers }: DiscoveredDevice): string {
  const { device } = description;
  const { usable } = selectServices(description);
  const services = usable.map(({ connection }) => shortType(connection.serviceType)).join(', ');
  const isRouter = answers.some(({ isDefaultGateway }) => isDefaultGateway) ? " (this computer's default router)" : '';
  const what = usable.length > 0 ? `maps ports: ${services}${isRouter}` : 'does not map ports';
  const type = device.deviceType === null ? null : shortType(device.deviceType);
  const lines = [location, [makeOf(device), type].filter((part) => part !== null).join(', '), what];
  return [
    terminal.style('bold', truncate(nameOf(device), terminal.width)),
    ...lines.filter((line) => line !== '').map((line) => `  ${truncate(line, terminal.width - 2)}`),
    '',
  ].join('\n');
}
