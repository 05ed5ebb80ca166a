import { err, ok } from '@portwright/core/result';
import type { Reader } from '../arguments/option.ts';
import { isIpv4, readPortNumber } from '../arguments/values.ts';
import { logText } from '../output/log-line.ts';
import { count } from '../output/phrases.ts';
import type { CommandResult, Event, Show } from '../output/outcome.ts';
import type { Problem, UsageError } from '../errors/problem.ts';
import { untilAborted } from '../until-aborted.ts';
import { defineCommand, type Context } from './command.ts';
import { serveWanHost, type WanHostEvent } from './wan-host/server.ts';

export interface WanHostRequest {
  readonly command: 'wan-host';
  /** One of this computer's IPv4 addresses. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
}

const readAddress: Reader<string> = (text) =>
  isIpv4(text) ? ok(text) : err(`--address must be an IPv4 address, not "${text}"`);

export const command = defineCommand({
  name: 'wan-host',
  helpOrder: 120,
  description: "help the conformance command from the router's internet side, until Ctrl-C",
  parameters: [],
  options: [
    {
      name: 'address',
      description: "this computer's IPv4 address to listen on (default: all)",
      value: { label: 'ip', read: readAddress },
    },
    {
      name: 'port',
      description: 'TCP port to listen on (default: 4719)',
      value: { label: 'port', read: readPortNumber('--port') },
    },
  ],
  hidesSimulate: true,
  refuse: ({ simulate }) =>
    simulate && 'wan-host cannot be used with --simulate: a simulated router has a simulated WAN side',
  toRequest: ({ address, port }): WanHostRequest => ({ command: 'wan-host', address, port }),
});

const ANY = '0.0.0.0';
/** Unassigned by IANA. */
const PORT = 4_719;

/** Helps `conformance` on the gateway's other side, and logs what it is asked. */
export function run({ address = ANY, port = PORT }: WanHostRequest, { host }: Context): CommandResult {
  // Nobody knows of the server before the first output, so earlier events do not matter.
  let show: Show = () => undefined;
  const onEvent = (event: WanHostEvent): void => {
    show(told(event, new Date()));
  };
  const served = serveWanHost({ address, port, onEvent }).mapErr((error): Problem =>
    error.code === 'no-such-interface' ? notOwn(address, host.invocation) : error,
  );
  return served.map((server) => ({
    json: { event: 'listening', address, port: server.port },
    text: (terminal) =>
      [
        `Listening on TCP port ${server.port}${address === ANY ? '' : ` of ${address}`}. Run this on the router's LAN:`,
        '',
        `  ${terminal.style('cyan', `${host.invocation} conformance --wan-host ${shownAddress(address)}:${server.port}`)}`,
        '',
        'Press Ctrl-C to stop.',
        '',
        '',
      ].join('\n'),
    follow: async (given) => {
      show = given;
      await untilAborted(host.signal);
      await server.close();
      return undefined;
    },
  }));
}

function notOwn(address: string, invocation: string): UsageError {
  const message = `--address must be an IPv4 address of this computer, not "${address}"`;
  return { kind: 'usage', code: 'bad-value', message, hint: `See: ${invocation} wan-host --help` };
}

function shownAddress(address: string): string {
  return address === ANY ? 'ADDRESS' : address;
}

function told({ kind, client, peer, bytes, message }: WanHostEvent, at: Date): Event {
  return {
    json: { event: kind, at: at.toISOString(), client, peer, bytes, message },
    text: (terminal) => {
      const where = peer === null ? '' : `${peer.address} port ${peer.port}`;
      const what = {
        sent: `${count(bytes, 'byte')} sent to ${where}`,
        arrived: `${count(bytes, 'byte')} arrived from ${where}`,
        ended: `connection of ${client} closed: ${message ?? ''}`,
      }[kind];
      return logText(terminal, at, what);
    },
  };
}
