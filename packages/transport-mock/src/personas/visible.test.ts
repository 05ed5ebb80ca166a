import { expect, test } from 'vitest';
import { sessionWith } from '../client-session.test-support.ts';
import { simulateGateway, type SimulateGatewayOptions } from '../simulate-gateway.ts';
import { PERSONAS, type PersonaName } from './index.ts';

/** Personas that follow the specification in everything. */
const BY_THE_BOOK: readonly PersonaName[] = ['igd1', 'igd2'];

async function session(options: SimulateGatewayOptions): Promise<readonly string[]> {
  await using router = simulateGateway(options);
  return await sessionWith(router);
}

test.each(Object.keys(PERSONAS) as readonly PersonaName[])('%s differs in more than its names', async (persona) => {
  const { igdVersion, httpPort, friendlyName, manufacturer, modelName, modelNumber } = PERSONAS[persona].options;
  const byTheBook = { igdVersion, httpPort, friendlyName, manufacturer, modelName, modelNumber };
  const [one, other] = [await session({ persona }), await session(byTheBook)];
  if (BY_THE_BOOK.includes(persona)) expect(one).toEqual(other);
  else expect(one).not.toEqual(other);
});
