/**
 * The library, as a program uses it that takes the default router for what it is. It neither reads back what it was granted
 * nor asks for the gateway's state, since the others do not; that nobody else holds the port it has asked all the same.
 */
import { findGateway, igdMapper, mapPort } from '../../../packages/portwright/dist/index.js';

const port = { externalPort: 7777, protocol: 'UDP', description: 'portwright', verify: false, askState: false };
const mapping = await findGateway({ trustDefaultRouter: true }).andThen(({ gateway }) =>
  mapPort(igdMapper(gateway), port),
);
if (mapping.isErr()) throw new Error(mapping.error.message);
console.log('mapped');
