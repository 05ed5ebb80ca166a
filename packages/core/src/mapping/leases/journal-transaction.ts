/** What a turn writes into the journal: before it asks, and with each grant, since a crash may come in between. */
import type { Gateway } from '../../client/gateway.ts';
import type { PortMapping } from '../../port-mapping.ts';
import type { OnThrown } from '../internal/channel.ts';
import type { Journal } from './journal.ts';

/** Where a keeper writes down what stands. */
export type Notebook = Pick<Journal, 'add' | 'remove'>;

/** A safety net, and no more: no mapping hangs on a file. @param onThrown - is told what that throws */
export function guarded(journal: Journal, onThrown: OnThrown): Notebook {
  const guard = async (written: Promise<unknown>): Promise<void> => {
    try {
      await written;
    } catch (error) {
      onThrown(error);
    }
  };
  return {
    add: (gateway, mapping) => guard(journal.add(gateway, mapping)),
    remove: (gateway, mapping) => guard(journal.remove(gateway, mapping)),
  };
}

export class Notes {
  readonly #gateway: Gateway;
  readonly #notebook: Notebook | undefined;
  /** By external port; those from before are in it already. */
  readonly #written: Map<number, PortMapping>;
  /** The external port of the last grant. */
  lastPort: number | null = null;

  /** @param before - what stood, or may have stood, on this gateway before the turn */
  constructor(gateway: Gateway, notebook: Notebook | undefined, before: readonly PortMapping[]) {
    this.#gateway = gateway;
    this.#notebook = notebook;
    this.#written = new Map(before.map((mapping) => [mapping.externalPort, mapping]));
  }

  async write(mapping: PortMapping): Promise<void> {
    const { externalPort } = mapping;
    this.lastPort = externalPort;
    if (this.#written.has(externalPort)) return;
    this.#written.set(externalPort, mapping);
    await this.#notebook?.add(this.#gateway, mapping);
  }

  /** Only what stands, or may stand, is left in the journal. @param over - whose lease was over before the turn */
  async settle(standing: readonly PortMapping[], over: readonly PortMapping[]): Promise<void> {
    for (const mapping of standing) await this.write(mapping);
    for (const mapping of [...over, ...this.#written.values()]) {
      if (standing.every(({ externalPort }) => externalPort !== mapping.externalPort))
        await this.#notebook?.remove(this.#gateway, mapping);
    }
  }
}
