// @ts-check
/**
 * A network of simulated gateways, and a client that keeps ports open on every one of them: each lease is renewed at
 * half its life, for as long as is asked. Every renewal is a SOAP request of the core's, in bytes, which the simulator
 * reads with its own parser, and an answer in bytes, which the core reads.
 */
import { addMapping, gatewayAt } from '@portwright/core/upnp';
import { MemoryNetwork, seededRandom, simulateGateway, VirtualClock } from '@portwright/transport-mock';

const LEASE_SECONDS = 3_600;
const HALF_LIFE_MS = (LEASE_SECONDS / 2) * 1_000;
const FIRST_PORT = 20_000;

/**
 * @typedef {object} Job
 * @property {number} gateways 1 to 60,000
 * @property {number} mappings on each gateway
 * @property {number} hours of the gateways' time
 */

/**
 * @typedef {object} Outcome
 * @property {number} renewals that were answered with success
 * @property {number} failures whatever came instead
 * @property {number} mapped mappings that stand at the end, on all gateways together
 * @property {number} shortestLease seconds that are left of the lease that ends first; 0 if none stands
 * @property {number} milliseconds that the renewals took in real time
 */

/**
 * Opens the ports, and renews them until the time is over.
 *
 * @param {Job} job
 * @returns {Promise<Outcome>}
 */
export async function renew({ gateways, mappings, hours }) {
  const clock = new VirtualClock();
  // Without a delay between the hosts, a renewal is one moment on the clock: what is measured is the work.
  const network = new MemoryNetwork({ clock, prefixLength: 8, latencyMs: 0 });
  const random = seededRandom(1);
  const transport = network.transport({ address: '10.255.255.1', address6: null });
  const routers = Array.from({ length: gateways }, (_, index) =>
    simulateGateway({
      network,
      lanAddress: `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`,
      lanAddress6: null,
      // A thousand gateways that remember all that they were asked would fill the memory with it.
      recordedExchanges: 1,
    }),
  );
  const counts = { renewals: 0, failures: 0 };
  const started = performance.now();
  const keepers = routers.map(async (router) => {
    const { gateway } = (await gatewayAt(transport, router.descriptionUrl))._unsafeUnwrap();
    const ports = Array.from({ length: mappings }, (_, index) => FIRST_PORT + index);
    await Promise.all(ports.map((externalPort) => keep(gateway, externalPort)));
  });
  /**
   * @param {import('@portwright/core/upnp').Gateway} gateway
   * @param {number} externalPort
   */
  const keep = async (gateway, externalPort) => {
    const ask = () => addMapping(gateway, { externalPort, protocol: 'UDP', leaseSeconds: LEASE_SECONDS });
    // Nobody's programs start in the same moment.
    await clock.sleep(random.fraction() * HALF_LIFE_MS);
    (await ask())._unsafeUnwrap();
    for (let renewal = 0; renewal < (hours * 3_600_000) / HALF_LIFE_MS; renewal += 1) {
      await clock.sleep(HALF_LIFE_MS);
      (await ask()).match(
        () => (counts.renewals += 1),
        () => (counts.failures += 1),
      );
    }
  };
  const end = Promise.all(keepers);
  await clock.advance(hours * 3_600_000 + 1.5 * HALF_LIFE_MS);
  await end;
  const milliseconds = performance.now() - started;
  const table = routers.flatMap((router) => router.mappings());
  return {
    ...counts,
    mapped: table.length,
    shortestLease: Math.min(...table.map((mapping) => mapping.leaseSecondsLeft)),
    milliseconds,
  };
}
