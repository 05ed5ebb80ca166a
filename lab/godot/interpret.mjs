// @ts-check
import { lookAt } from './look.mjs';

/** @import { Argument, Row, Value } from './rows.mjs' */

/**
 * The classes under test: how to make one of each, with whatever they need.
 *
 * @typedef {Readonly<Record<'UPNP' | 'UPNPDevice', () => object>>} Facade
 */

/**
 * Runs the table through a facade, as the oracle runs it through Godot.
 *
 * @param {readonly Row[]} rows
 * @param {Facade} facade
 * @param {() => string} readLeaseFile the gateway's own list, as it is at that moment
 * @returns {Promise<Map<string, Value>>} what each row came to, by its id
 */
export async function runFacade(rows, facade, readLeaseFile) {
  /** Whatever the facade's objects have: the table's names are not known to be there. @typedef {Record<string, unknown>} Target */
  /** @type {Map<string, Target>} */
  const objects = new Map();
  /** @param {string} name @param {unknown} object */
  const keep = (name, object) => objects.set(name, /** @type {Target} */ (object));
  /** @param {string} name */
  const named = (name) => {
    const object = objects.get(name);
    if (object === undefined) throw new Error(`No row has made or kept "${name}".`);
    return object;
  };
  /** @param {Argument} value */
  const argument = (value) => (typeof value === 'object' ? named(value.object) : value);

  /** @param {Row['step']} step @returns {unknown} */
  const perform = (step) => {
    if ('look' in step) return lookAt(step, readLeaseFile(), Math.floor(Date.now() / 1000));
    if ('make' in step) return keep(step.on, facade[step.make]()).get(step.on);
    const object = named(step.on);
    if ('get' in step) return object[step.get];
    if ('set' in step) {
      object[step.set] = step.to;
      return object[step.set];
    }
    const method = /** @type {(...args: unknown[]) => unknown} */ (object[step.call]);
    return method.apply(object, step.args.map(argument));
  };

  keep('upnp', facade.UPNP());
  /** @type {Map<string, Value>} */
  const values = new Map();
  for (const { id, step } of rows) {
    const value = await perform(step);
    if ('keep' in step) keep(step.keep, value);
    values.set(id, plain(value));
  }
  return values;
}

/**
 * @param {unknown} value
 * @returns {Value}
 */
function plain(value) {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return 'igdStatus' in value ? 'UPNPDevice' : 'UPNP';
  return /** @type {Value} */ (value);
}
