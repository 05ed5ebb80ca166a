import type { InterfaceAddress, Transport } from '../../ports.ts';
import { onInterfacesChange } from './interface-monitor.ts';

/** Tracks those of this host's addresses that matter to a caller. */
export class AddressTracker {
  readonly #transport: Transport;
  readonly #select: (listed: readonly InterfaceAddress[]) => readonly InterfaceAddress[];
  readonly #onChange: (hadAddress: boolean) => void;
  readonly #stopMonitor: () => void;
  #isOver = false;
  /** Null before the first list. */
  #known: string | null = null;

  /**
   * @param select - the addresses that matter
   * @param onChange - called within ten seconds after they have changed; `hadAddress`: there was one before
   */
  constructor(
    transport: Transport,
    select: (listed: readonly InterfaceAddress[]) => readonly InterfaceAddress[],
    onChange: (hadAddress: boolean) => void,
  ) {
    this.#transport = transport;
    this.#select = select;
    this.#onChange = onChange;
    this.#stopMonitor = onInterfacesChange(transport, (listed) => {
      this.#compare(listed);
    });
  }

  /** Reads the list now. */
  async read(): Promise<void> {
    const listed = (await this.#transport.interfaces.list()).unwrapOr(null);
    if (listed !== null && !this.#isOver) this.#compare(listed);
  }

  close(): void {
    this.#isOver = true;
    this.#stopMonitor();
  }

  #compare(listed: readonly InterfaceAddress[]): void {
    const before = this.#known;
    this.#known = this.#select(listed)
      .map(({ name, address }) => `${name} ${address}`)
      .join();
    if (before !== null && this.#known !== before) this.#onChange(before !== '');
  }
}
