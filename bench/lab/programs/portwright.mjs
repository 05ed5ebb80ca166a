/** The library, as a program uses it that takes the default router for what it is. */
import { findGateway, mapPort } from '../../../packages/portwright/dist/index.js';

const mapping = await findGateway({ trustDefaultRouter: true }).andThen(({ gateway }) =>
  mapPort(gateway, { externalPort: 7777, protocol: 'UDP', description: 'portwright' }),
);
if (mapping.isErr()) throw new Error(mapping.error.message);
console.log('mapped');
