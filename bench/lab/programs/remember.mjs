/**
 * The library, as a program uses it that remembers its gateway in a file: finds it, and maps a port. With `plainly`, by
 * one request; with `promptly`, by mapPort, which looks first who has the port, until the gateway has said yes; else until
 * what was granted has been read back.
 */
import { addMapping, findKnownGateway, mapPort, nodeFile } from '../../../packages/portwright/dist/index.js';

const [path = '', how] = process.argv.slice(2);
const wanted = { externalPort: 7777, protocol: 'UDP', description: 'portwright' };
const found = await findKnownGateway(nodeFile(path), { trustDefaultRouter: true });
const say = () => console.log('mapped');
const ways = {
  plainly: (gateway) => addMapping(gateway, wanted).andTee(say),
  promptly: (gateway) => mapPort(igdMapper(gateway), { ...wanted, askState: false, onGranted: say }),
  carefully: (gateway) => mapPort(igdMapper(gateway), { ...wanted, askState: false }).andTee(say),
};
const mapped = await found.asyncAndThen(({ gateway }) => ways[how](gateway));
if (mapped.isErr()) throw new Error(mapped.error.message);
