// @ts-check
/**
 * Runs the table through the built facade, on the network that this process is in, and prints what each row came to as
 * one JSON object. To be run on a lab's LAN: `node run-facade.mjs <the gateway's lease file>`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { UPNP } from '../../packages/core/dist/godot/upnp.js'; import { UPNPDevice } from '../../packages/core/dist/godot/upnp-device.js';
import { nodeTransport } from '../../packages/transport-node/dist/index.js';
import { runFacade } from './interpret.mjs';
import { ROWS } from './table.mjs';

const [leaseFile = ''] = process.argv.slice(2);
const transport = nodeTransport();
const values = await runFacade(
  ROWS,
  { UPNP: () => new UPNP(transport), UPNPDevice: () => new UPNPDevice(transport) },
  () => (existsSync(leaseFile) ? readFileSync(leaseFile, 'utf8') : ''),
);
process.stdout.write(JSON.stringify(Object.fromEntries(values)));
