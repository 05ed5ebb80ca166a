/** While there is no gateway: whether one says that it is there, and whether this host is on another network. */
import { createAbort } from '../../abort.ts';
import type { Transport } from '../../ports.ts';
import { hearAnnouncements, type Announcement } from './announcements.ts';
import { usableInterfaces } from './local-interfaces.ts';

export interface LookoutOptions {
  /** Whether to listen for announcements. */
  readonly announcements: boolean;
  /** The UDN of the gateway that there was: it may announce itself as a mere device. */
  readonly udn: string | null;
  /** A gateway has said that it is there. Senders are easily forged. */
  readonly onAlive: () => void;
  readonly onNetwork: () => void;
}

/** From one look at this host's interfaces to the next. It costs the network nothing. */
const LOOK_MS = 10_000;

const GATEWAY = /:(InternetGatewayDevice|WAN(IP|PPP)Connection):/;

/** @returns a function that ends it */
export function lookOut(
  transport: Transport,
  { announcements, udn, onAlive, onNetwork }: LookoutOptions,
): () => Promise<void> {
  const life = createAbort();

  function hear(announcement: Announcement): void {
    if (announcement.kind !== 'alive') return;
    const isKnown = udn !== null && announcement.usn?.startsWith(udn) === true;
    if (isKnown || GATEWAY.test(announcement.target)) onAlive();
  }

  const listen = (): (() => Promise<void>) | null => (announcements ? hearAnnouncements(transport, null, hear) : null);

  async function run(): Promise<void> {
    let stop = listen();
    let before = await namesOf(transport);
    const isOver = (): boolean => life.signal.aborted;
    while (!isOver()) {
      await transport.clock.sleep(LOOK_MS, life.signal);
      const now = await namesOf(transport);
      if (isOver() || now === null || now === before) continue;
      before = now;
      // A group is joined by interface.
      await stop?.();
      stop = listen();
      onNetwork();
    }
    await stop?.();
  }

  const running = run();
  return async () => {
    life.abort();
    await running;
  };
}

async function namesOf({ interfaces }: Transport): Promise<string | null> {
  const listed = (await interfaces.list()).unwrapOr(null);
  return (
    listed &&
    usableInterfaces(listed)
      .map(({ name, address }) => `${name} ${address}`)
      .join()
  );
}
