import { createRequire } from 'node:module';

const { Client } = createRequire(import.meta.url)('@runonflux/nat-upnp');
const client = new Client();
await client.createMapping({ public: 7777, private: 7777, protocol: 'UDP', description: 'runonflux', ttl: 3600 });
console.log('mapped');
client.close();
