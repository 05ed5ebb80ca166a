import NatAPI from '@silentbot1/nat-api';

const client = new NatAPI({ enablePMP: false, enableUPNP: true, description: 'silentbot1' });
const done = await client.map({ publicPort: 7777, privatePort: 7777, protocol: 'UDP', ttl: 3600 });
if (done === false) throw new Error('not mapped');
console.log('mapped');
process.exit(0); // else it renews, and unmaps when destroyed
