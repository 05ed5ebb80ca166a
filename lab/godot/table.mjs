// @ts-check
import { DEVICE_SCENES } from './table-devices.mjs';
import { DISCOVER_SCENES } from './table-discover.mjs';
import { MAPPING_SCENES } from './table-mappings.mjs';

/** @import { Lab } from '../lab.mjs' */
/** @import { Row, Scene } from './rows.mjs' */

/**
 * Everything that Godot's UPNP and UPNPDevice promise and that a gateway can show, as calls in the order in which they are made. It
 * holds no answers: those come from Godot, each time.
 *
 * @type {readonly Scene[]}
 */
export const SCENES = [...DISCOVER_SCENES, ...MAPPING_SCENES, ...DEVICE_SCENES];

/** The same, one after the other. @type {readonly Row[]} */
export const ROWS = SCENES.flatMap(({ rows }) => rows);

/**
 * What the table takes for granted of a gateway besides an empty list: another client's mapping, to run into.
 *
 * @param {Lab} lab
 */
export async function prepareGateway(lab) {
  const { code, stdout, stderr } = await lab.lan.exec('upnpc', ['-a', '10.77.0.99', '8080', '20099', 'TCP']);
  if (code !== 0) throw new Error(`upnpc could not make another client's mapping: ${stdout}${stderr}`);
}
