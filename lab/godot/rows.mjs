// @ts-check

/**
 * How long a search that is to find something lasts. Godot sends each of its datagrams once: where the machine stands still
 * for a second meanwhile, a search of one second finds nobody.
 */
export const SEARCH_MS = 2000;

/**
 * What a call hands over: plain values, and objects by the name that an earlier row kept or made them under.
 *
 * @typedef {number | string | boolean | { readonly object: string }} Argument
 */

/**
 * What happens in a row: one thing, to an object or at the gateway.
 *
 * - `make` a new object of a class, to be known as `on`;
 * - `call` a method of the object `on`, with `args`, and `keep` the object that it returns under a name;
 * - `get` a property of the object `on`;
 * - `set` a property of the object `on` to `to`;
 * - `look` at the gateway's own list, for the mapping of a protocol and an external port.
 *
 * @typedef {{ readonly on: string, readonly make: 'UPNP' | 'UPNPDevice' }
 *   | { readonly on: string, readonly call: string, readonly args: readonly Argument[], readonly keep?: string }
 *   | { readonly on: string, readonly get: string }
 *   | { readonly on: string, readonly set: string, readonly to: number | string | boolean }
 *   | { readonly look: 'target' | 'minutes' | 'description', readonly at: readonly ['TCP' | 'UDP', number] }} Step
 */

/**
 * One row of the table. Names are the facade's; Godot's own are the same words in snake_case.
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} says the promise, in a sentence
 * @property {Step} step
 * @property {{ readonly here: Value, readonly because: string }} [differs] where Portwright does better than Godot on purpose: what
 *   it answers instead, and why
 */

/**
 * What a row comes to: a plain value, the class of an object, or null for null, nothing and no such mapping.
 *
 * @typedef {number | string | boolean | null} Value
 */

/** @typedef {{ readonly scene: string, readonly rows: readonly Row[] }} Scene rows that share a state of things */

/**
 * @param {string} id
 * @param {string} says
 * @param {string} on
 * @param {string} call
 * @param {readonly Argument[]} [args]
 * @param {{ keep?: string, differs?: Row['differs'] }} [more]
 * @returns {Row}
 */
export function call(id, says, on, call, args = [], { keep, differs } = {}) {
  return { id, says, step: { on, call, args, ...(keep !== undefined && { keep }) }, ...(differs && { differs }) };
}

/**
 * @param {string} id
 * @param {string} says
 * @param {string} on
 * @param {string} property
 * @param {Row['differs']} [differs]
 * @returns {Row}
 */
export function get(id, says, on, property, differs) {
  return { id, says, step: { on, get: property }, ...(differs && { differs }) };
}

/**
 * @param {string} id
 * @param {string} on
 * @param {string} property
 * @param {number | string | boolean} to
 * @returns {Row}
 */
export function set(id, on, property, to) {
  return { id, says: `${property} can be set to ${JSON.stringify(to)}`, step: { on, set: property, to } };
}

/**
 * @param {string} id
 * @param {string} on
 * @param {'UPNP' | 'UPNPDevice'} make
 * @returns {Row}
 */
export function make(id, on, make) {
  return { id, says: `a new ${make} can be made`, step: { on, make } };
}

/**
 * @param {string} id
 * @param {string} says
 * @param {'target' | 'minutes' | 'description'} what
 * @param {readonly ['TCP' | 'UDP', number]} at
 * @param {Row['differs']} [differs]
 * @returns {Row}
 */
export function look(id, says, what, at, differs) {
  return { id, says, step: { look: what, at }, ...(differs && { differs }) };
}
