/**
 * The library, as a program uses it that remembers its gateway in a file: finds it, and maps a port. With `plainly`, by
 * one request; with `promptly`, by mapPort, which looks first who has the port, until the gateway has said yes; else until
 * what was granted has been read back.
 */
import { addMapping, findKnownGateway, igdMapper, mapPort, nodeFile } from '../../../packages/portwright/dist/index.js';

const [path = '', how] = process.argv.slice(2);
const wanted = { externalPort: 7777, protocol: 'UDP', description: 'portwright' };
const found = await findKnownGateway(nodeFile(path), { trustDefaultRouter: true });
const say = () => console.log('mapped');
const ways = {
  plainly: (gateway) => addMapping(gateway, wanted).andTee(say),
  promptly: async (gateway) => {
    const mapping = mapPort(igdMapper(gateway), { ...wanted, askState: false });
    for await (const { kind } of mapping.steps) if (kind === 'granted') say();
    return mapping;
  },
  carefully: (gateway) => mapPort(igdMapper(gateway), { ...wanted, askState: false }).andTee(say),
};
if (found.isErr()) throw new Error(found.error.message);
const mapped = await ways[how](found.value.gateway);
if (mapped.isErr()) throw new Error(mapped.error.message);
