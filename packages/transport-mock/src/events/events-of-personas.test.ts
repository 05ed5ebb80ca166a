import type { HttpRequest } from '@portwright/core';
import { expect, test } from 'vitest';
import { PERSONAS, type PersonaName } from '../personas/index.ts';
import { protocolsOf } from '../personas/persona.ts';
import { simulateGateway } from '../simulate-gateway.ts';
import { listen, SUBSCRIBE } from './events.test-support.ts';

const WITH_UPNP = (Object.keys(PERSONAS) as PersonaName[]).filter((name) =>
  protocolsOf(PERSONAS[name]).includes('upnp'),
);

test.each(WITH_UPNP)('%s tells what its services mark as evented', async (persona) => {
  await using router = simulateGateway({ persona });
  const heard = listen(router.network);
  const { lanAddress, httpPort } = router.config;
  const { services } = router.machine.gateway;
  expect(services.length).toBeGreaterThan(1);
  for (const { eventPath } of services) {
    const url = `http://${lanAddress}:${httpPort}${eventPath}`;
    const request: HttpRequest = { method: 'SUBSCRIBE', url, headers: SUBSCRIBE, body: new Uint8Array() };
    const response = await router.transport.http.request(request, { deadlineMs: 5_000, maxBodyBytes: 10_000 });
    expect(response._unsafeUnwrap().status).toBe(200);
  }
  await router.clock.advance('1m');
  const evented = services.map(({ definition }) =>
    definition.variables.filter(({ isEvented }) => isEvented).map(({ name }) => name),
  );
  expect(heard.map(({ key, values }) => [key, Object.keys(values)])).toEqual(evented.map((names) => ['0', names]));
});
