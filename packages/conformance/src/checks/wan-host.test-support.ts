import type { Transport, TransportError } from '@portwright/core';
import { type FaultDefinition, simulateGateway, surroundings } from '@portwright/transport-mock';
import { errAsync, type ResultAsync } from '@portwright/core/result';
import type { CheckResult } from '../run/check-result.ts';
import { runConformance } from '../run/run.ts';
import { resultOf } from '../mutants/mutant.test-support.ts';

type Send = (number: number, proceed: () => ResultAsync<void, TransportError>) => ResultAsync<void, TransportError>;

/**
 * What a check says of a gateway, when the host on its WAN side sends like this; counted from 1.
 *
 * @param hooks - a defect of the gateway's; default: none
 */
export async function checkFromOutside(
  id: string,
  send: Send,
  hooks: FaultDefinition['hooks'] = () => ({}),
): Promise<CheckResult | undefined> {
  await using router = simulateGateway();
  router.inject({ row: 0, what: '', remedy: '', name: 'a defect', hooks });
  const { wanHost, ...around } = surroundings(router);
  const target = { kind: 'url', url: router.descriptionUrl } as const;
  const options = { write: id.startsWith('wanip/'), only: [id], ...around, wanHost: sending(wanHost, send) };
  return resultOf((await runConformance(router.transport, target, options))._unsafeUnwrap(), id);
}

export const cantSend: Send = () =>
  errAsync({ kind: 'transport', code: 'failed', message: 'the helper sends to nobody but its own gateway' });

function sending(transport: Transport, send: Send): Transport {
  let count = 0;
  return {
    ...transport,
    datagram: {
      open: (options) =>
        transport.datagram.open(options).map((socket) => ({
          local: socket.local,
          datagrams: socket.datagrams,
          send: (payload, to) => send((count += 1), () => socket.send(payload, to)),
          close: () => socket.close(),
        })),
    },
  };
}
