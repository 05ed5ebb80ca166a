/** Diagnoses of the core, with the options and commands by which a person can follow their advice. */
import { noGatewayHint, type Remedies } from '@portwright/core/internal';
import { COMMANDS } from '../commands/commands.ts';
import type { OptionDeclaration } from '../arguments/option-declaration.ts';
import type { Problem } from './problem.ts';
import type { Request } from '../arguments/requests.ts';

/** The same error; its hint names what this command line has. */
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

/** What a person can do after a command: what its options allow, and other commands. */
function remediesOf(request: Request | undefined): Remedies {
  const options: readonly OptionDeclaration[] = request === undefined ? [] : COMMANDS[request.command].options;
  const option = (name: string): OptionDeclaration | undefined => options.find((one) => one.name === name);
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
function insteadOf({ internalPort, protocols }: Extract<Request, { readonly command: 'map' }>): string {
  const protocol = protocols.length === 1 && protocols[0] === 'UDP' ? ' --protocol udp' : '';
  return `open the port over IPv6 instead: pinhole add ${internalPort}${protocol}`;
}

function withoutAddress(request: Request | undefined): string {
  if (request?.command === 'map') return `Without IPv4, ${insteadOf(request)}.`;
  if (request?.command === 'unmap') return 'Pinholes over IPv6 are closed with pinhole delete.';
  return 'Turn on IPv6 in the router and on this computer, or pass --client with the IPv6 address of another computer.';
}
