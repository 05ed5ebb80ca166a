// @ts-check
import { randomBytes } from 'node:crypto';
import { gatewayOf } from './gateway.mjs';
import { hostIn } from './host.mjs';
import { raiseNetwork } from './network.mjs';
import { GATEWAY_UUID, LAN, planLab, wanOf } from './plan.mjs';
import { claim, destroy, destroyStale, disown } from './registry.mjs';

/** @import { Host } from './host.mjs' */
/** @import { Lease } from './leases.mjs' */
/** @import { LabOptions, LabPlan } from './plan.mjs' */

/**
 * @typedef {object} RestartOptions
 * @property {number} [httpPort] a new port for the description and the control URLs (default: as before)
 * @property {boolean} [emptyTable] forget all mappings, as a router without a lease file does (default: keep them)
 * @property {readonly Lease[]} [mappings] have these from its start on (default: those that it had)
 * @property {boolean} [killed] it had no time to say goodbye, as when its power fails (default: it says byebye)
 */

/**
 * A lab that is up: a client on a LAN, a real gateway, and a host outside.
 *
 * @typedef {LabParts & AsyncDisposable} Lab
 */

/**
 * @typedef {object} LabParts
 * @property {LabPlan} plan
 * @property {Host} lan the client
 * @property {Host} gw the gateway
 * @property {Host} wan the host outside
 * @property {string} lanAddress the client's
 * @property {string | undefined} lanAddress6 the client's
 * @property {string} gatewayAddress on the LAN
 * @property {string | undefined} gatewayAddress6 on the LAN
 * @property {string} externalAddress the gateway's, outside
 * @property {string | undefined} externalAddress6 the gateway's, outside
 * @property {string} wanAddress the outside host's
 * @property {string | undefined} wanAddress6 the outside host's
 * @property {number} httpPort the gateway's, as it is now
 * @property {string} descriptionUrl the gateway's LOCATION over IPv4, as it is now
 * @property {string} uuid of the gateway's root device
 * @property {() => Lease[]} mappings the gateway's own list
 * @property {() => string} gatewayLog everything that the daemon has written
 * @property {() => Promise<void>} stopGateway says byebye; kernel and lease file keep the mappings
 * @property {(options?: RestartOptions) => Promise<void>} restartGateway as after a reboot: a later BOOTID, and the
 *   mappings of the lease file
 * @property {() => void} leave lets the lab stand after this process, until it is taken down by name
 * @property {() => void} close takes it down; as often as you like
 */

/** The labs that end with this process. @type {Set<LabPlan>} */
const owned = new Set();

/**
 * Brings a lab up. It is taken down by `close`, by `await using`, and at the latest when this process ends; one that was
 * killed leaves its lab to the next call, which sweeps up first.
 *
 * @param {LabOptions} [options]
 * @returns {Promise<Lab>}
 * @throws {Error} a lab of that name is up, or the machine does not allow it; nothing is left behind then
 */
export async function createLab(options = {}) {
  const plan = planLab({ ...options, name: options.name ?? `${process.pid}-${randomBytes(3).toString('hex')}` });
  destroyStale();
  own(plan); // first: a signal in the middle of the next line waits for its end, and then finds what to clean up
  try {
    claim(plan);
  } catch (error) {
    disclaim(plan); // it is someone else's
    throw error;
  }
  try {
    raiseNetwork(plan);
    const gateway = gatewayOf(plan);
    if (plan.settings.daemon) await gateway.start(plan.settings.httpPort);
    return labOf(plan, gateway);
  } catch (error) {
    close(plan);
    throw error;
  }
}

/**
 * @param {LabPlan} plan
 * @param {import('./gateway.mjs').Gateway} gateway
 * @returns {Lab}
 */
function labOf(plan, gateway) {
  const outside = wanOf(plan);
  const only6 = (/** @type {string} */ address) => (plan.settings.ipv6 ? address : undefined);
  let httpPort = plan.settings.httpPort;
  return {
    plan,
    lan: hostIn(plan.namespaces.lan),
    gw: hostIn(plan.namespaces.gw),
    wan: hostIn(plan.namespaces.wan),
    lanAddress: LAN.host,
    lanAddress6: only6(LAN.host6),
    gatewayAddress: LAN.gateway,
    gatewayAddress6: only6(LAN.gateway6),
    externalAddress: outside.gateway,
    externalAddress6: only6(outside.gateway6),
    wanAddress: outside.host,
    wanAddress6: only6(outside.host6),
    get httpPort() {
      return httpPort;
    },
    get descriptionUrl() {
      return `http://${LAN.gateway}:${httpPort}/rootDesc.xml`;
    },
    uuid: GATEWAY_UUID,
    mappings: gateway.mappings,
    gatewayLog: gateway.log,
    stopGateway: () => gateway.stop(),
    async restartGateway({ httpPort: newPort = httpPort, emptyTable = false, mappings, killed = false } = {}) {
      await gateway.stop(killed ? 'SIGKILL' : 'SIGTERM');
      if (emptyTable || mappings !== undefined) gateway.remember(mappings ?? []);
      httpPort = newPort;
      await gateway.start(httpPort);
    },
    leave() {
      disown(plan);
      disclaim(plan);
    },
    close: () => {
      close(plan);
    },
    [Symbol.asyncDispose]: () => {
      close(plan);
      return Promise.resolve();
    },
  };
}

/** @param {LabPlan} plan */
function close(plan) {
  if (!owned.has(plan)) return; // closed before; by now the name may be someone else's
  destroy(plan);
  disclaim(plan);
}

/** @param {LabPlan} plan */
function own(plan) {
  if (owned.size === 0) {
    process.on('exit', closeAll);
    for (const signal of ENDING) process.on(signal, endBy);
  }
  owned.add(plan);
}

/** @param {LabPlan} plan */
function disclaim(plan) {
  owned.delete(plan);
  if (owned.size > 0) return;
  process.off('exit', closeAll);
  for (const signal of ENDING) process.off(signal, endBy);
}

/** @type {readonly NodeJS.Signals[]} */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function closeAll() {
  for (const plan of owned) close(plan);
}

/** @param {NodeJS.Signals} signal */
function endBy(signal) {
  closeAll();
  // Listening has switched off the signal's own effect. Unless someone else listens too, who then decides, it is due now.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
