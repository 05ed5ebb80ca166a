import { ok, type Result } from '@portwright/core/result';
import { inconclusive, type Shortfall } from '../shortfall.ts';
import type { Bench } from './bench.ts';

/** Milliseconds for a packet to come from the WAN side. */
const TRAFFIC_MS = 2_000;
const TRIES = 3;

/** The two ends of a mapping. */
export interface PacketWay {
  /** The external one. */
  readonly address: string;
  readonly port: number;
  /** On this host. */
  readonly internalPort: number;
}

/** Whether a UDP packet of the host on the WAN side arrives at this host; inconclusive where it can't be sent. */
export async function packetGetsThrough(bench: Bench, way: PacketWay): Promise<Result<boolean, Shortfall>> {
  const { wanHost, self, clock, random } = bench;
  if (wanHost === null) return inconclusive('a host on the WAN side', 'there is no such host');
  const inside = await self.transport.datagram.open({ family: 'ipv4', localPort: way.internalPort });
  if (inside.isErr()) return inconclusive('a socket for the packet', inside.error.message);
  const arrived = new AbortController();
  const payload = Uint8Array.from({ length: 16 }, () => Math.floor(random.fraction() * 256));
  const listening = (async () => {
    for await (const datagram of inside.value.datagrams) {
      if (datagram.payload.join() === payload.join()) arrived.abort();
    }
  })();
  const outside = await wanHost.datagram.open({ family: 'ipv4' });
  let helper = outside.isErr() ? outside.error.message : 'the gateway was not asked';
  let isSent = false;
  if (outside.isOk()) {
    for (let tries = 0; tries < TRIES && !arrived.signal.aborted; tries += 1) {
      const sent = await outside.value.send(payload, { address: way.address, port: way.port });
      if (sent.isErr()) helper = sent.error.message;
      else isSent = true;
      await clock.sleep(TRAFFIC_MS, arrived.signal);
    }
    await outside.value.close();
  }
  await inside.value.close();
  await listening;
  return isSent
    ? ok(arrived.signal.aborted)
    : inconclusive(`a packet that the host on the WAN side sends to ${way.address} port ${way.port}`, helper);
}
