/** While there is no gateway: listens for one that announces itself, and notices when this host changes its network. */
import type { Transport } from '../../ports.ts';
import { AddressTracker } from './address-tracker.ts';
import { listenForAnnouncements, type Announcement } from './announcements.ts';
import { usableInterfaces } from './local-interfaces.ts';
import { isAbout } from './unverified-announcements.ts';

export interface PresenceListenerOptions {
  /** Whether to listen for announcements. */
  readonly announcements: boolean;
  /** The UDN of the last gateway, which may announce itself without the type of a gateway. */
  readonly udn: string | null;
  /** A gateway has announced itself. Senders are easily forged. */
  readonly onAlive: () => void;
  readonly onNetwork: () => void;
}

const GATEWAY = /:(InternetGatewayDevice|WAN(IP|PPP)Connection):/;

/** Whether an announcement may be of a gateway that is there. */
export function announcesGateway(announcement: Announcement, udn: string | null): boolean {
  return announcement.kind === 'alive' && (isAbout(announcement, udn) || GATEWAY.test(announcement.target));
}

/** @returns a function that ends it */
export function listenForPresence(
  transport: Transport,
  { announcements, udn, onAlive, onNetwork }: PresenceListenerOptions,
): () => Promise<void> {
  const listen = (): (() => Promise<void>) | null =>
    announcements
      ? listenForAnnouncements(transport, null, (announcement) => {
          if (announcesGateway(announcement, udn)) onAlive();
        })
      : null;
  let stopListening = listen();
  // One after another: the network may change again before the last sockets are closed.
  let relistening = Promise.resolve();

  async function relisten(): Promise<void> {
    await stopListening?.();
    stopListening = listen();
  }

  const addresses = new AddressTracker(transport, usableInterfaces, () => {
    // Groups are joined by interface.
    relistening = relistening.then(relisten);
    onNetwork();
  });
  const reading = addresses.read();

  return async () => {
    addresses.close();
    await reading;
    await relistening;
    await stopListening?.();
  };
}
