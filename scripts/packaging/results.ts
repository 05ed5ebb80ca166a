/**
 * All packages take their Results from one declaration, and one that describes neverthrow's by its shape: transports and
 * results of one package, and of a program's own neverthrow, are at home in another.
 */
import { closeOnExit, keepMapped, mapPort, type Transport } from 'portwright';
import { findGateway, igdMapper } from 'portwright/upnp';
import type { Transport as CoreTransport } from '@portwright/core';
import { findGateway as coreFindGateway } from '@portwright/core/upnp';
import type { Result, ResultAsync } from '@portwright/core/result';
import { simulateGateway } from '@portwright/transport-mock';
import * as own from 'neverthrow';

const router = simulateGateway();
const transport: CoreTransport = router.transport;

// A transport of transport-mock, through portwright and through core.
const found = await findGateway({ transport });
if (found.isErr()) throw new Error(found.error.message);
const { gateway } = found.value;
const again = await coreFindGateway(transport);
if (again.isErr()) throw new Error(again.error.message);

// A result of the program's own neverthrow is the next step of portwright's, and the other way round.
interface OwnError {
  readonly kind: 'own';
}
const open = (port: number): own.ResultAsync<number, OwnError> =>
  port > 1024 ? own.okAsync(port) : own.errAsync({ kind: 'own' });
const chained: ResultAsync<number, { readonly kind: string }> = mapPort(igdMapper(gateway), {
  externalPort: 7777,
  protocol: 'UDP',
}).andThen(({ granted }) => open(granted.externalPort));
const port: Result<number, { readonly kind: string }> = await chained;
if (!port.isOk() || port.value !== 7777) throw new Error('not mapped');
const refused = await findGateway({ transport }).andThen(() => open(80));
if (!refused.isErr() || refused.error.kind !== 'own') throw new Error('not refused');
const both: own.Result<number, unknown> = await own.okAsync(1).andThen(
  () =>
    new own.ResultAsync<number, unknown>(
      chained.match<own.Result<number, unknown>>(
        (value) => own.ok(value),
        (error) => own.err(error),
      ),
    ),
);
if (both.isErr()) throw new Error('not ok');

// A transport of the program's own, on its own neverthrow.
const mine: Transport = {
  ...transport,
  http: {
    request: (request, options) =>
      new own.ResultAsync(
        transport.http.request(request, options).match(
          (response) => own.ok(response),
          (error) => own.err(error),
        ),
      ),
  },
};
const byMine = await findGateway({ transport: mine });
if (byMine.isErr()) throw new Error(byMine.error.message);

// A kept mapping can be closed at exit.
const kept = keepMapped({ externalPort: 7778, protocol: 'UDP', transport: mine });
closeOnExit(kept);
const settled = await kept.settled();
if (settled.isErr() || router.mappings().length !== 2) throw new Error('not kept');
const closed = await kept.close();
if (closed.isErr()) throw new Error('not closed');
console.log('results of three packages and of another neverthrow go together');
