// @ts-check
import { parseLeases } from '../leases.mjs';

/** @import { Step, Value } from './rows.mjs' */

/**
 * What a look at the gateway's lease file comes to. Leases are counted in whole minutes, which the time between two
 * looks does not change.
 *
 * @param {Extract<Step, { look: unknown }>} step
 * @param {string} leaseFile its text
 * @param {number} now seconds since 1970
 * @returns {Value}
 */
export function lookAt({ look, at: [protocol, port] }, leaseFile, now) {
  const lease = parseLeases(leaseFile).find((each) => each.protocol === protocol && each.externalPort === port);
  if (lease === undefined) return null;
  switch (look) {
    case 'target':
      return `${lease.internalClient}:${lease.internalPort}`;
    case 'minutes':
      return lease.expires === 0 ? 0 : Math.round((lease.expires - now) / 60);
    case 'description':
      return unescape(lease.description);
  }
}

/**
 * miniupnpd keeps a description as it stood in the request, escapes and all, and puts it back into its answers like that. So this
 * is what a control point reads there.
 *
 * @param {string} text
 */
function unescape(text) {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, /** @type {keyof typeof ENTITIES} */ name) => ENTITIES[name]);
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
