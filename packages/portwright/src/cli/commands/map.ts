import type { Result } from '@portwright/core/result';
import type { Option, Parameter } from '../arguments/option.ts';
import { DEFAULT_PROTOCOLS, MAPPER_OPTIONS, mapperRequest, PORT, PROTOCOL } from '../arguments/options.ts';
import { readLease, readPortNumber, readText } from '../arguments/values.ts';
import type { Problem } from '../errors/problem.ts';
import type { Outcome } from '../output/outcome.ts';
import { defineCommand, type Context } from './command.ts';
import { keepTrying } from './map/keep-trying.ts';
import { MapRun } from './map/map-run.ts';
import type { MapRequest } from './map/request.ts';

/** A lease is a UPnP ui4. Version 2 gateways cut it to 604800, a week. */
const MAX_LEASE_SECONDS = 4_294_967_295;

const INTERNAL_PORT: Parameter<number> & { readonly isOptional: true } = {
  name: 'internal',
  description: 'port on this computer (default: the external port)',
  isOptional: true,
  read: readPortNumber('the internal port'),
};

const LEASE: Option<'lease', number> = {
  name: 'lease',
  description: 'lease time, such as 30m, 1h or 7d, or seconds; 0 means permanent (default: 1h)',
  value: { label: 'time', read: readLease(0, MAX_LEASE_SECONDS, '7d') },
};

export const command = defineCommand({
  name: 'map',
  helpOrder: 60,
  description: 'open a port to this computer',
  parameters: [PORT, INTERNAL_PORT],
  options: [
    PROTOCOL,
    LEASE,
    {
      name: 'description',
      description: "name in the router's list (default: Portwright)",
      value: { label: 'text', read: readText('--description') },
    },
    { name: 'any', description: 'use another external port if this one is taken' },
    { name: 'no-verify', description: "trust the router's answer without reading the mapping back" },
    {
      name: 'trust-conflicts',
      description:
        'skip the check whether another computer uses the port: IGD:2 routers must refuse such a request, ' +
        'but some take the port away from that computer',
      conflicts: ['all'],
    },
    {
      name: 'keep',
      description:
        'keep the port open until Ctrl-C: wait for a router if there is none yet (with --timeout: for that time), ' +
        'renew it, restore it after a router restart, follow you to another network; ' +
        'keeps running if its output (a pipe) is closed',
    },
    {
      name: 'journal',
      description:
        'with --keep: record the mapping in portwright/journal/ under $XDG_STATE_HOME (default: ~/.local/state), ' +
        'so that the next run with --journal can unmap it after a crash',
    },
    {
      name: 'all',
      description:
        'open the port on every router that answers, one protocol at a time; with --ipv6, in IPv6 firewalls too',
      conflicts: ['keep', 'gateway', 'remember', 'via'],
    },
    ...MAPPER_OPTIONS,
  ],
  refuse: ({ journal, keep, all, protocol = DEFAULT_PROTOCOLS }) => {
    if (journal === true && keep !== true) {
      return '--journal needs --keep: only mappings that are kept open are recorded';
    }
    if (all === true && protocol.length > 1) {
      return '--all maps one protocol at a time: run it once with --protocol tcp and once with --protocol udp';
    }
    return undefined;
  },
  toRequest: (flags, [port, internalPort = port]): MapRequest => ({
    command: 'map',
    ...mapperRequest(flags),
    port,
    internalPort,
    protocols: flags.protocol ?? DEFAULT_PROTOCOLS,
    leaseSeconds: flags.lease,
    description: flags.description,
    any: flags.any === true,
    verify: flags.verify !== false,
    trustConflicts: flags.trustConflicts === true,
    keep: flags.keep === true,
    // A simulated gateway, and everything on it, is gone with the process.
    journal: flags.journal === true && flags.simulate === undefined,
    all: flags.all === true,
  }),
  examples: [
    ['map 7777 --protocol both', 'TCP and UDP, or neither'],
    ['map 7777 --any --keep', 'this or another port, kept open'],
    ['map 443 8443 --lease 7d', 'port 443 to 8443 here, a week'],
    ['map 7777 --all --ipv6', 'on every router, over IPv6 too'],
    ['map 7777 --simulate --json', 'JSON, without a real router'],
  ],
});

export async function run(request: MapRequest, context: Context): Promise<Result<Outcome, Problem>> {
  if (request.all) return (await import('./map/map-all.ts')).mapAll(request, context);
  const { host, network } = context;
  const mapping = new MapRun(request, context, await network.openTransport(host, request));
  return request.keep ? keepTrying(mapping) : mapping.try(request.timeoutMs);
}
