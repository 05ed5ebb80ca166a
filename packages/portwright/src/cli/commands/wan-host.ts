/** `wan-host`: the helper for `conformance` on the gateway's other side, and a log of what it is asked, until Ctrl-C. */
import type { Host } from '../host.ts';
import { logText } from '../output/log-line.ts';
import { count } from '../output/phrases.ts';
import type { CommandResult, Event, Show } from '../output/outcome.ts';
import type { Problem, UsageError } from '../errors/problem.ts';
import type { WanHostRequest } from '../arguments/requests.ts';
import { untilAborted } from '../until-aborted.ts';
import { serveWanHost, type WanHostEvent } from './wan-host/server.ts';

const ANY = '0.0.0.0';
/** IANA has it unassigned. */
const PORT = 4_719;

export function wanHost(host: Host, { address = ANY, port = PORT }: WanHostRequest): CommandResult {
  // What happens before anybody listens can be nothing that matters: nobody knows of it yet.
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
