/** Whether a mapping is there: NAT-PMP can't be asked, but one that is there keeps its external port. */
import { grantedByNatPmp, type NatPmpClient } from '../bench/nat-pmp-client.ts';
import { expectThat, given, inconclusive } from '../shortfall.ts';
import type { NatPmpMapping } from '../wire/nat-pmp-message.ts';
import type { Steps } from './case.ts';

/** While a mapping exists, the server keeps its external port, whatever port the request suggests. */
export async function* keepsItsPort(client: NatPmpClient, made: NatPmpMapping, suggested: number): Steps {
  const again = { ...made, externalPort: suggested };
  const { externalPort } = yield* grantedByNatPmp(again, yield* client.tryMap(again));
  yield* expectThat(externalPort === made.externalPort, `port ${made.externalPort}`, `port ${externalPort}`);
}

/** After a mapping has ended, the server grants the suggested port to the same request. */
export async function* getsAnotherPort(client: NatPmpClient, made: NatPmpMapping, suggested: number): Steps {
  const isAsSuggested = made.externalPort === made.internalPort;
  if (!isAsSuggested) yield* inconclusive('a server that grants the suggested port', `port ${made.externalPort}`);
  const again = { ...made, externalPort: suggested };
  const { externalPort } = yield* given(client.tryMap(again).andThen((answer) => grantedByNatPmp(again, answer)));
  yield* expectThat(externalPort !== made.externalPort, `port ${suggested}`, `port ${externalPort}`);
}
