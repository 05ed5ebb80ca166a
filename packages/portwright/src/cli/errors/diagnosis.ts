/** Adds the options and commands of the command line to the core's diagnoses. */
import { noGatewayHint, type Remedies } from '@portwright/core/internal';
import type { Option } from '../arguments/option.ts';
import type { Command } from '../commands/command.ts';
import { COMMANDS, type Request } from '../commands/index.ts';
import type { MapRequest } from '../commands/map/request.ts';
import type { Problem } from './problem.ts';

/** The same error, with a hint that names options of the command and other commands. */
export function diagnosed(problem: Problem, request: Request | undefined): Problem {
  switch (problem.kind) {
    case 'no-gateway':
      return { ...problem, hint: noGatewayHint(problem, remediesOf(request)) };
    case 'transport':
    case 'not-mapped':
      return problem.code === 'no-address' ? { ...problem, hint: withoutAddress(request) } : problem;
    default:
      return problem;
  }
}

function remediesOf(request: Request | undefined): Remedies {
  const command: Command | undefined = request && COMMANDS[request.command];
  const option = (name: string): Option | undefined => command?.options.find((one) => one.name === name);
  const gateway = option('gateway');
  const giveUrl = (url: string | null): string =>
    `pass --gateway ${url ?? 'URL'}${gateway === undefined ? ' to the other commands' : ''}`;
  const isMapping = request?.command === 'map' || request?.command === 'unmap';
  return {
    giveUrl,
    waitAt: (url) =>
      gateway?.conflicts?.includes('timeout') === true ? giveUrl(url) : `${giveUrl(url)} --timeout 10000`,
    searchLonger: (timeoutMs) => (option('timeout') === undefined ? null : `pass --timeout ${timeoutMs}`),
    searchInstead: gateway === undefined ? null : 'leave out --gateway to search for it',
    searchOverIpv4: null,
    // A port mapping needs an IPv4 address in any case.
    searchOverIpv6: option('ipv6') === undefined || isMapping ? null : 'pass --ipv6 to search over IPv6',
    openPinhole: request?.command === 'map' ? insteadOf(request) : null,
  };
}

/** `open the port over IPv6 instead: pinhole add 7777`. */
function insteadOf({ internalPort, protocols }: MapRequest): string {
  const protocol = protocols.length === 1 && protocols[0] === 'UDP' ? ' --protocol udp' : '';
  return `open the port over IPv6 instead: pinhole add ${internalPort}${protocol}`;
}

function withoutAddress(request: Request | undefined): string {
  if (request?.command === 'map') return `Without IPv4, ${insteadOf(request)}.`;
  if (request?.command === 'unmap') return 'Pinholes over IPv6 are closed with pinhole delete.';
  return 'Turn on IPv6 in the router and on this computer, or pass --client with the IPv6 address of another computer.';
}
