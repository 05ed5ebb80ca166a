import { createRequire } from 'node:module';

const { Client } = createRequire(import.meta.url)('@runonflux/nat-upnp');
const client = new Client();
const mappings = await client.getMappings();
console.log(`listed ${mappings.length}`);
client.close();
