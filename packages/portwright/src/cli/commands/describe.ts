import type { Device, DeviceDescription, Service } from '@portwright/core';
import type { ServiceSelection } from '@portwright/core/upnp';
import { damageWarnings } from '@portwright/core/internal';
import { printable } from '@portwright/core';
import { selectServices } from '@portwright/core/upnp';
import { err, ResultAsync } from '@portwright/core/result';
import type { Reader } from '../arguments/option.ts';
import { timeoutOption } from '../arguments/options.ts';
import { readText, readUrl } from '../arguments/values.ts';
import type { Outcome, CommandResult } from '../output/outcome.ts';
import { choiceWarnings, makeOf, nameOf, shortType } from '../output/phrases.ts';
import type { Problem } from '../errors/problem.ts';
import { readDescriptionAt, readDescriptionIn, type DescribedFile } from './describe/read-description.ts';
import type { Terminal } from '../output/terminal.ts';
import { pad, truncate, widthOf, wrap } from '../output/width.ts';
import { defineCommand, type Context } from './command.ts';

export interface DescribeRequest {
  readonly command: 'describe';
  readonly simulate: boolean;
  /** A URL, or the path of a file. */
  readonly source: string;
  /** For a file: the URL that it came from. */
  readonly location?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

const SOURCE = 'url or file';

/** A word with another scheme than http cannot be meant as the name of a file. */
const readSource: Reader<string> = (text) => {
  if (/^http:\/\//i.test(text)) return readUrl(`<${SOURCE}>`)(text);
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return readText(`<${SOURCE}>`)(text);
  return err(`<${SOURCE}> must be a file or an http:// URL, not "${text}"`);
};

export const command = defineCommand({
  name: 'describe',
  helpOrder: 80,
  description: 'explain which services a device description offers',
  parameters: [{ name: SOURCE, description: 'the device description to explain', read: readSource }],
  options: [
    {
      name: 'location',
      description: 'for a file: the URL that it was downloaded from',
      value: { label: 'url', read: readUrl('--location') },
    },
    timeoutOption(8000),
  ],
  toRequest: (flags, [source]): DescribeRequest => ({
    command: 'describe',
    simulate: flags.simulate !== undefined,
    source,
    location: flags.location,
    timeoutMs: flags.timeout,
  }),
});

/** Shows what the decoder makes of a description, and which of its services would open ports. */
export function run(request: DescribeRequest, context: Context): CommandResult {
  return read(request, context).map((described) => outcome(described));
}

function read(
  { source, location, simulate, timeoutMs }: DescribeRequest,
  { host, network }: Context,
): ResultAsync<DescribedFile, Problem> {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(source)) return readDescriptionIn(source, location);
  const composed = network.resolveTransport(host, { simulate, http: { allowHostNames: true } });
  return ResultAsync.fromSafePromise(composed)
    .andThen((transport) => readDescriptionAt(transport, source, { timeoutMs, signal: host.signal }))
    .map((description) => ({ description, isLocationGuessed: false }));
}

function outcome({ description, isLocationGuessed }: DescribedFile): Outcome {
  const selection = selectServices(description);
  const { usable, rejected } = selection;
  return {
    json: {
      ...description,
      isLocationGuessed,
      used: usable[0] ?? null,
      why: reason(selection),
      alternatives: usable.slice(1).map(({ connection }) => connection),
      rejected: rejected.map((candidate) => candidate.reason),
    },
    text: (terminal) =>
      [
        heading(terminal, description, isLocationGuessed),
        tree(terminal, description, usable[0]?.connectionService),
        verdict(terminal, selection),
      ].join('\n'),
    warnings: choiceWarnings({ warnings: damageWarnings(description) }),
  };
}

function heading(terminal: Terminal, { device, location, specVersion }: DeviceDescription, isGuessed: boolean): string {
  const make = makeOf(device);
  const version = specVersion === null ? '' : `, UPnP ${specVersion.major}.${specVersion.minor}`;
  const guessed = isGuessed ? ' (guessed; pass --location URL)' : '';
  const lines = [make, `${location}${version}${guessed}`].filter((line) => line !== null);
  const name = terminal.style('bold', truncate(nameOf(device), terminal.width));
  return `${name}\n${lines.map((line) => `  ${truncate(line, terminal.width - 2)}\n`).join('')}`;
}

interface Line {
  readonly text: string;
  readonly service: Service | null;
}

function linesOf(device: Device, depth: number): readonly Line[] {
  const indent = '  '.repeat(depth);
  const type = device.deviceType === null ? 'unknown device type' : shortType(device.deviceType);
  return [
    { text: indent + type, service: null },
    ...device.services.map((service) => ({ text: `${indent}  ${shortType(service.serviceType)}`, service })),
    ...device.devices.flatMap((embedded) => linesOf(embedded, depth + 1)),
  ];
}

/** Devices and services, indented, with the control URL of each service. */
function tree(terminal: Terminal, { device, location }: DeviceDescription, used: Service | undefined): string {
  const lines = linesOf(device, 0);
  const column = Math.max(...lines.map(({ text }) => widthOf(text))) + 2;
  return lines
    .map(({ text, service }) => {
      if (service === null) return `${truncate(text, terminal.width)}\n`;
      const isUsed = service === used;
      const mark = isUsed ? '  <- used' : '';
      const url = truncate(controlOf(service, location), Math.max(16, terminal.width - column - mark.length));
      const line = truncate(pad(text, column) + url, terminal.width - mark.length) + mark;
      return `${isUsed ? terminal.style('green', line) : line}\n`;
    })
    .join('');
}

/** The control URL; only its path if it is on the description's own host and port. */
function controlOf({ controlUrl }: Service, location: string): string {
  if (controlUrl === null) return '(no control URL)';
  const origin = /^http:\/\/[^/]+/i.exec(location)?.[0] ?? '';
  return printable(controlUrl.startsWith(`${origin}/`) ? controlUrl.slice(origin.length) : controlUrl);
}

function verdict(terminal: Terminal, selection: ServiceSelection): string {
  const [used] = selection.usable;
  const head =
    used === undefined ? 'No service can map ports.' : `${shortType(used.connection.serviceType)} maps ports:`;
  const url = used === undefined ? '' : `  ${used.connection.controlUrl}\n`;
  const rejected = selection.rejected.map(({ reason: why }) =>
    wrap(`Rejected: ${printable(why)}.`, terminal.width, '  '),
  );
  const lines = [wrap(reason(selection), terminal.width, '  '), ...rejected];
  return `${head}\n${url}${lines.join('\n')}\n`;
}

/** Why this service is used. */
function reason({ usable }: ServiceSelection): string {
  const [used, ...others] = usable;
  if (used === undefined) return 'The description has no usable WANIPConnection or WANPPPConnection service.';
  if (others.length === 0) return 'It is the only usable connection service.';
  const names = others.map(({ connection }) => shortType(connection.serviceType)).join(', ');
  return (
    `Portwright tries WANIPConnection before WANPPPConnection, in the order of the description, ` +
    `and uses the first one that is connected with a public address. Also available: ${names}.`
  );
}
