/** The library, as its README shows it. */
import { findGateway, mapPort } from '../../../packages/portwright/dist/index.js';

const mapping = await findGateway().andThen(({ gateway }) =>
  mapPort(gateway, { externalPort: 7777, protocol: 'UDP', description: 'portwright' }),
);
if (mapping.isErr()) throw new Error(mapping.error.message);
console.log('mapped');
