// @ts-check
/**
 * A thousand keepers, each with a gateway of its own and ports that it keeps open there: what one kept mapping weighs,
 * and what it costs to keep all of them.
 */
import { Keeper } from '@portwright/core/mapping';
import { igdMapper, gatewayAt } from '@portwright/core/upnp';
import { MemoryNetwork, simulateGateway, VirtualClock } from '@portwright/transport-mock';

const FIRST_PORT = 20_000;
const LEASE_SECONDS = 3_600;

/**
 * @typedef {object} Scene
 * @property {VirtualClock} clock
 * @property {import('@portwright/core').Transport} transport
 * @property {readonly import('@portwright/transport-mock').SimulatedGateway[]} routers
 * @property {readonly Keeper[]} keepers each beside the router of the same number
 */

/**
 * Gateways, each bound by a keeper that has nothing to keep yet but one port, so that it is watched.
 *
 * @param {number} gateways 1 to 60,000
 * @returns {Promise<Scene>}
 */
export async function setUp(gateways) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork({ clock, prefixLength: 8 });
  const transport = network.transport({ address: '10.255.255.1', address6: null });
  const routers = Array.from({ length: gateways }, (_, index) =>
    simulateGateway({
      network,
      lanAddress: `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`,
      lanAddress6: null,
      uuid: `7f1d5e3a-2c4b-4d6e-8f90-${String(index).padStart(12, '0')}`,
      // What a thousand gateways were asked is nobody's memory but their own.
      recordedExchanges: 0,
    }),
  );
  /** @type {Keeper[]} */
  const keepers = [];
  for (const { descriptionUrl } of routers) {
    const { gateway } = (await gatewayAt(transport, descriptionUrl))._unsafeUnwrap();
    // One gateway announces itself to all of a thousand watches here; no network is like that.
    keepers.push(new Keeper(transport, { mapper: igdMapper(gateway), watch: { announcements: false, events: false } }));
  }
  return { clock, transport, routers, keepers };
}

/**
 * Keeps so many ports on each gateway, and waits until they stand.
 *
 * @param {Scene} scene
 * @param {number} mappings on each gateway
 * @param {number} from the number of the first
 */
export async function keep({ keepers }, mappings, from) {
  const kept = keepers.flatMap((keeper) =>
    Array.from({ length: mappings }, (_, index) =>
      keeper.keep({ externalPort: FIRST_PORT + from + index, protocol: 'UDP', leaseSeconds: LEASE_SECONDS }),
    ),
  );
  for (const mapping of kept) (await mapping.settled())._unsafeUnwrap();
  return kept;
}

/**
 * The same entries in the simulators' tables, and nobody who keeps them: the simulators' own share.
 *
 * @param {Scene} scene
 * @param {number} mappings on each gateway
 * @param {number} from the number of the first
 */
export function putEntries({ routers, clock }, mappings, from) {
  for (const router of routers) {
    for (let index = 0; index < mappings; index += 1) {
      router.machine.gateway.connection.mappings.put({
        remoteHost: '',
        externalPort: FIRST_PORT + from + index,
        protocol: 'UDP',
        internalPort: FIRST_PORT + from + index,
        internalClient: ['10.255', '255.1'].join('.'),
        isEnabled: true,
        description: ['Port', 'wright'].join(''),
        expiresAt: clock.now() + LEASE_SECONDS * 1_000,
      });
    }
  }
}

/** @param {Scene} scene */
export async function tearDown({ keepers, routers }) {
  await Promise.all(keepers.map((keeper) => keeper.close()));
  await Promise.all(routers.map((router) => router.close()));
}
