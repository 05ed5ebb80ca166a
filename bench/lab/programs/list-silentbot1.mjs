import NatAPI from '@silentbot1/nat-api';

const client = new NatAPI({ enablePMP: false, enableUPNP: true });
const mappings = await client._upnpClient.getMappings();
console.log(`listed ${mappings.length}`);
process.exit(0);
