/** Requests in a gateway's queue, within the time that they share with others. */
import { simulateGateway } from '@portwright/transport-mock';
import { expect, it } from 'vitest';
import { fetchDescription } from '../../client/fetch-description.ts';
import { gatewayAt } from '../../client/gateway-at.ts';
import { errAsync, ok } from '../../result.ts';
import { limitsUntil } from '../internal/call-limits.ts';
import { serializeRequests } from './serialized-requests.ts';

/** A description that is asked for when four seconds are left, behind something that takes so long. */
async function behind(tookMs: number): Promise<{ readonly fetched: string; readonly deadlines: readonly number[] }> {
  const { transport, descriptionUrl, clock } = simulateGateway({ maxSearchDelayMs: 0 });
  const { gateway } = (await gatewayAt(transport, descriptionUrl))._unsafeUnwrap();
  const deadlines: number[] = [];
  const request: typeof transport.http.request = (what, options) => {
    deadlines.push(options.deadlineMs);
    return transport.http.request(what, options);
  };
  const limits = limitsUntil(clock.now() + 4_000, clock);
  const before = gateway.queue({
    url: descriptionUrl,
    name: 'something',
    isRead: false,
    clock,
    limits: {},
    send: async () => {
      await clock.sleep(tookMs);
      return ok(undefined);
    },
  });
  const counting = { ...gateway, transport: { ...transport, http: { request } } };
  const fetched = await fetchDescription(serializeRequests(counting, limits), descriptionUrl, limits);
  expect((await before).isOk()).toBe(true);
  const said = fetched.match(
    () => 'yes',
    ({ code }) => code,
  );
  return { fetched: said, deadlines };
}

it('a request has what is left of the time when it is its turn', async () => {
  expect(await behind(3_000)).toEqual({ fetched: 'yes', deadlines: [1_000] });
});

it.each([4_000, 5_000])('a request whose turn comes after %i of 4000 ms is not sent', async (tookMs) => {
  expect(await behind(tookMs)).toEqual({ fetched: 'aborted', deadlines: [] });
});

it('a document that is cut off is not fetched again: whoever fetches it repeats it', async () => {
  const { transport, descriptionUrl } = simulateGateway({ maxSearchDelayMs: 0 });
  const { gateway } = (await gatewayAt(transport, descriptionUrl))._unsafeUnwrap();
  const sent: string[] = [];
  const request: typeof transport.http.request = ({ url }) => {
    sent.push(url);
    return errAsync({ kind: 'transport', code: 'reset', message: '' });
  };
  const { http } = serializeRequests({ ...gateway, transport: { ...transport, http: { request } } });
  const asked = { method: 'GET', url: descriptionUrl, headers: [], body: new Uint8Array() } as const;
  expect((await http.request(asked, { deadlineMs: 5_000, maxBodyBytes: 1 }))._unsafeUnwrapErr().code).toBe('reset');
  expect(sent).toEqual([descriptionUrl]);
});

it('a request that comes too late is named in the error', async () => {
  const { transport, descriptionUrl } = simulateGateway({ maxSearchDelayMs: 0 });
  const { gateway } = (await gatewayAt(transport, descriptionUrl))._unsafeUnwrap();
  const { http } = serializeRequests(gateway, limitsUntil(transport.clock.now(), transport.clock));
  const asked = { method: 'GET', url: descriptionUrl, headers: [], body: new Uint8Array() } as const;
  expect((await http.request(asked, { deadlineMs: 5_000, maxBodyBytes: 1 }))._unsafeUnwrapErr().message).toBe(
    `GET ${descriptionUrl} was aborted`,
  );
});
