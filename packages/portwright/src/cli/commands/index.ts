// Written by scripts/generate.mjs.
import type { Run } from './command.ts';
import { command as conformance } from './conformance.ts';
import { command as demo } from './demo.ts';
import { command as describe } from './describe.ts';
import { command as discover } from './discover.ts';
import { command as ip } from './ip.ts';
import { command as list } from './list.ts';
import { command as map } from './map.ts';
import { command as pinholeAdd } from './pinhole-add.ts';
import { command as pinholeCheck } from './pinhole-check.ts';
import { command as pinholeDelete } from './pinhole-delete.ts';
import { command as pinholeList } from './pinhole-list.ts';
import { command as pinholeTimeout } from './pinhole-timeout.ts';
import { command as pinholeUpdate } from './pinhole-update.ts';
import { command as simulate } from './simulate.ts';
import { command as status } from './status.ts';
import { command as unmap } from './unmap.ts';
import { command as wanHost } from './wan-host.ts';
import { command as watch } from './watch.ts';
import * as preloaded from './map.ts';

/** Every command, in the order of help. */
export const COMMANDS = {
  discover,
  ip,
  status,
  watch,
  list,
  map,
  unmap,
  'pinhole add': pinholeAdd,
  'pinhole update': pinholeUpdate,
  'pinhole delete': pinholeDelete,
  'pinhole check': pinholeCheck,
  'pinhole timeout': pinholeTimeout,
  'pinhole list': pinholeList,
  describe,
  demo,
  simulate,
  conformance,
  'wan-host': wanHost,
};

/** The request of any command. */
export type Request = ReturnType<(typeof COMMANDS)[keyof typeof COMMANDS]['toRequest']>;

/** Loads the function that runs a command. */
export const RUNS: {
  readonly [Name in Request['command']]: () => Promise<{
    readonly run: Run<Extract<Request, { readonly command: Name }>>;
  }>;
} = {
  discover: () => import('./discover.ts'),
  ip: () => import('./ip.ts'),
  status: () => import('./status.ts'),
  watch: () => import('./watch.ts'),
  list: () => import('./list.ts'),
  map: () => Promise.resolve(preloaded),
  unmap: () => import('./unmap.ts'),
  'pinhole add': () => import('./pinhole-add.ts'),
  'pinhole update': () => import('./pinhole-update.ts'),
  'pinhole delete': () => import('./pinhole-delete.ts'),
  'pinhole check': () => import('./pinhole-check.ts'),
  'pinhole timeout': () => import('./pinhole-timeout.ts'),
  'pinhole list': () => import('./pinhole-list.ts'),
  describe: () => import('./describe.ts'),
  demo: () => import('./demo.ts'),
  simulate: () => import('./simulate.ts'),
  conformance: () => import('./conformance.ts'),
  'wan-host': () => import('./wan-host.ts'),
};
