import 'reflect-metadata/lite';
import { addMapping, gatewayAt } from '@portwright/core/upnp';
import type { SimulatedGateway, SimulateGatewayOptions } from '@portwright/transport-mock';
import { registerMockTransport } from '@portwright/transport-mock/tsyringe';
import { container, type DependencyContainer } from 'tsyringe';
import { expect } from 'vitest';
import type { Host, Output } from './host.ts';
import { main } from './main.ts';
import { parseArguments } from './arguments/parse-arguments.ts';
import { widthOf } from './output/width.ts';

/** What a run has printed, and how it ended. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions extends Partial<
  Pick<Host, 'signal' | 'unread' | 'container' | 'invocation' | 'stateFolder' | 'silenceMs'>
> {
  /** A terminal of 80 columns without colours; default: pipes. */
  readonly isTTY?: boolean;
  readonly hasColors?: boolean;
  /** Is told of what is printed as it is printed. */
  readonly onStdout?: ((text: string) => void) | undefined;
  readonly onStderr?: ((text: string) => void) | undefined;
}

/** The longest delay of a timer: a busy machine must not make a command show that it waits. */
const ENDLESS_MS = 2 ** 31 - 1;

/** Runs the command line in this process. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const {
    isTTY = false,
    hasColors = false,
    signal = new AbortController().signal,
    unread = new AbortController().signal,
    invocation = 'portwright',
    stateFolder = '/dev/null',
    silenceMs = ENDLESS_MS,
    onStdout,
    onStderr,
  } = options;
  const printed = { stdout: '', stderr: '' };
  const output = (name: keyof typeof printed): Output => ({
    write: (text) => {
      printed[name] += text;
      (name === 'stdout' ? onStdout : onStderr)?.(text);
    },
    isTTY,
    columns: isTTY ? 80 : undefined,
    hasColors: () => hasColors,
  });
  const host: Host = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    signal,
    unread,
    version: '1.2.3',
    invocation,
    stateFolder,
    silenceMs,
    container: options.container,
  };
  return { status: await main(argv, host, parseArguments(argv, host)), ...printed };
}

/** Runs it with --json, and reads the document. */
export async function runJson(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Run & { readonly json: unknown }> {
  const result = await run([...argv, '--json'], options);
  return { ...result, json: JSON.parse(result.stdout) };
}

/** A container of its own with a simulated gateway on virtual time. */
export function simulated(options: SimulateGatewayOptions = {}): {
  readonly container: DependencyContainer;
  readonly router: SimulatedGateway;
} {
  const scope = container.createChildContainer();
  return { container: scope, router: registerMockTransport(scope, { maxSearchDelayMs: 0, ...options }) };
}

/** The width of the widest line. */
export function widestLine(text: string): number {
  return Math.max(...text.split('\n').map(widthOf));
}

/** A mapping of TCP port 7777 by another computer on the LAN. */
export async function mapElsewhere(router: SimulatedGateway): Promise<void> {
  const transport = router.network.transport({ address: '192.168.1.77' });
  const { gateway } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
  (await addMapping(gateway, { externalPort: 7777, protocol: 'TCP', description: 'another' }))._unsafeUnwrap();
}

/** The JSON of the simulated gateway. */
export const GATEWAY_JSON = {
  name: 'Simulated router',
  manufacturer: 'Portwright',
  model: 'Simulated IGD:2',
  udn: expect.stringMatching(/^uuid:/) as string,
  location: 'http://192.168.1.1:5000/description.xml',
  serviceType: 'urn:schemas-upnp-org:service:WANIPConnection:2',
  controlUrl: expect.stringMatching(/^http:\/\/192\.168\.1\.1:5000\//) as string,
  localAddress: '192.168.1.2',
};

/** The JSON of the mapping that `map 7777` makes. */
export const MAPPING_JSON = {
  externalPort: 7777,
  protocol: 'TCP',
  remoteHost: '',
  internalClient: '192.168.1.2',
  internalPort: 7777,
  enabled: true,
  description: 'Portwright',
  leaseSeconds: 3600,
};
