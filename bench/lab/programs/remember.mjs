/**
 * The library, as a program uses it that remembers its gateway in a file: finds it, and maps a port. With `plainly`, by
 * one request; else by mapPort, which looks first who has the port, and reads back what was granted.
 */
import { addMapping } from '@portwright/core';
import { findKnownGateway, mapPort } from '@portwright/core/mapping';
import { nodeFile, nodeTransport } from '@portwright/transport-node';

const [path = '', how] = process.argv.slice(2);
const wanted = { externalPort: 7777, protocol: 'UDP', description: 'portwright' };
const found = await findKnownGateway(nodeTransport(), nodeFile(path), { trustDefaultRouter: true });
const mapped = await found.asyncAndThen(({ gateway }) =>
  how === 'plainly' ? addMapping(gateway, wanted) : mapPort(gateway, { ...wanted, askState: false }),
);
if (mapped.isErr()) throw new Error(mapped.error.message);
console.log('mapped');
