/** WANIPv6FirewallControl. Its pinholes lead to the host that asks, so it is asked over IPv6. */
import { answersWith, rewrites } from '../mutants/mutant.ts';
import { SSDP_GROUPS, SSDP_PORT } from '@portwright/core';
import { fetchDescription } from '@portwright/core/upnp';
import { err, ok, type Result } from '@portwright/core/result';
import type { Bench } from '../bench/bench.ts';
import type { Caller } from '../bench/caller.ts';
import { expectFault, type ServiceUnderTest } from '../bench/service-under-test.ts';
import { subjectAt } from '../bench/subject.ts';
import { expectThat, given, inconclusive, missed, type Shortfall } from '../shortfall.ts';
import type { CallArguments } from '../wire/soap-request.ts';
import { readSsdpMessage, writeSearch } from '../wire/ssdp-message.ts';
import type { Checks } from './check.ts';
import { isBoolean, isTrue, isUi2 } from './vocabulary.ts';

const NAME = 'WANIPv6FirewallControl';
/** An id that a table this small has not come to. */
const NO_SUCH_ID = 54_321;
const TCP = 6;
/** Seconds. */
const LEASE = 600;
/** Seconds: short, since the check waits for its end. */
const SHORT_LEASE = 6;
/** Seconds: what is not in the range of A_ARG_TYPE_LeaseTime (2.3.7). */
const WRONG_LEASES = [0, 86_401];
/** For experiments (RFC 3692): no firewall has pinholes for it. One for ICMP, or for SCTP, is a firewall's own choice. */
const NO_SUCH_PROTOCOL = 253;
/** Stands for every protocol. */
const ANY_PROTOCOL = 65_535;
/** Reserved for documentation (RFC 3849): no host has this address. */
const NOBODY = '2001:db8::66';

export const IPV6_FIREWALL_CHECKS: Checks = {
  'v6fw/status': {
    sentence: 'GetFirewallStatus returns two booleans; if one is 0, the gateway refuses pinholes with 702 or 703.',
    clause: 'WANIPv6FirewallControl:1, GetFirewallStatus',
    level: 'must',
    kind: 'read',
    appliesTo: ['WANIPv6FirewallControl:1'],
    async *check(bench) {
      const firewall = yield* bench.service(NAME);
      const values = yield* firewall.succeed('GetFirewallStatus');
      const [enabled, allowed] = ['FirewallEnabled', 'InboundPinholeAllowed'].map((name) => values.get(name));
      yield* expectThat(isBoolean(enabled), 'FirewallEnabled with 0 or 1', `"${enabled ?? '(absent)'}"`);
      yield* expectThat(isBoolean(allowed), 'InboundPinholeAllowed with 0 or 1', `"${allowed ?? '(absent)'}"`);
      const closed = isTrue(enabled) ? (isTrue(allowed) ? null : 703) : 702;
      // A read that everything else of the service is refused like.
      if (closed !== null) yield* firewall.refuse('GetPinholePackets', { UniqueID: NO_SUCH_ID }, [closed]);
    },
    mutant: {
      what: 'a firewall that is disabled takes calls',
      hooks: answersWith('GetFirewallStatus', { FirewallEnabled: 0 }),
    },
  },

  'v6fw/add-update-delete': {
    sentence:
      'A client can add, update and delete a pinhole; adding it again keeps its UniqueID and extends it; the gateway refuses leases of 0 and above 86400.',
    clause: 'WANIPv6FirewallControl:1, 2.6.3 to 2.6.5',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPv6FirewallControl:1'],
    async *check(bench) {
      const { firewall, from, add } = yield* await firewallOver6(bench);
      const [tuple, other] = [pinhole(bench, from), pinhole(bench, from)];
      const began = bench.clock.now();
      const first = yield* await add({ ...tuple, LeaseTime: SHORT_LEASE });
      const again = yield* await add(tuple);
      const passed = bench.clock.now() - began;
      if (passed >= SHORT_LEASE * 1_000)
        yield* inconclusive('answers in time', `answers after ${Math.round(passed)} ms`);
      yield* expectThat(again === first, `UniqueID ${first} again`, String(again));
      const updated = yield* await add({ ...other, LeaseTime: SHORT_LEASE });
      yield* firewall.succeed('UpdatePinhole', { UniqueID: updated, NewLeaseTime: LEASE }, { from });
      for (const LeaseTime of WRONG_LEASES) {
        const refused = yield* firewall.call('AddPinhole', { ...pinhole(bench, from), LeaseTime }, { from });
        remember(bench, firewall, from, refused.values?.get('UniqueID'));
        yield* expectFault(refused, `AddPinhole with a lease of ${LeaseTime}`, []);
      }
      // What is left of a lease can't be read: that it was extended shows when it would have ended.
      yield* firewall.succeed('GetPinholePackets', { UniqueID: first }, { from });
      await bench.sleep((SHORT_LEASE + 2) * 1_000);
      for (const [UniqueID, how] of [
        [first, 'added again'],
        [updated, 'updated'],
      ] as const) {
        const { values, summary } = yield* firewall.call('GetPinholePackets', { UniqueID }, { from });
        yield* expectThat(values !== null, `the pinhole, ${how}, to exist after the end of its first lease`, summary);
      }
      yield* firewall.succeed('DeletePinhole', { UniqueID: first }, { from });
      yield* firewall.refuse('GetPinholePackets', { UniqueID: first }, [], { from });
    },
    mutant: {
      what: 'the same pinhole has another id each time',
      hooks: () => {
        let added = 0;
        return {
          action: (call, proceed) => {
            if (call.action !== 'AddPinhole') return proceed();
            added += 1;
            return proceed().map(({ UniqueID }) => ({ UniqueID: Number(UniqueID) + added }));
          },
        };
      },
    },
  },

  'v6fw/errors': {
    sentence:
      'The gateway refuses pinholes with 704 (no such id), 705 (protocol), 708 (no client) and 606 (another host), and with 706 and 707 if it does not allow port 0 or any protocol.',
    clause: 'WANIPv6FirewallControl:1, 2.6.3 to 2.6.6',
    level: 'must',
    kind: 'write',
    appliesTo: ['WANIPv6FirewallControl:1'],
    async *check(bench) {
      const { firewall, from } = yield* await firewallOver6(bench);
      const good = pinhole(bench, from);
      // "WildcardingNotAllowed" is the name of 706 and 707: a firewall may allow it.
      const rows: readonly (readonly [changes: CallArguments, code: number, isChoice: boolean])[] = [
        [{ Protocol: NO_SUCH_PROTOCOL }, 705, false],
        [{ InternalPort: 0 }, 706, true],
        [{ Protocol: ANY_PROTOCOL }, 707, true],
        [{ InternalClient: '' }, 708, false],
        [{ InternalClient: NOBODY }, 606, false],
      ];
      for (const [changes, code, isChoice] of rows) {
        const answer = yield* firewall.call('AddPinhole', { ...good, ...changes }, { from });
        const id = answer.values?.get('UniqueID');
        remember(bench, firewall, from, id);
        if (isChoice && id !== undefined) {
          // At once, and not only when the check is over: it is wider than anybody wants.
          yield* given(firewall.succeed('DeletePinhole', { UniqueID: id }, { from }));
          continue;
        }
        yield* expectFault(answer, `AddPinhole with ${JSON.stringify(changes)}`, [code]);
      }
      yield* firewall.refuse('UpdatePinhole', { UniqueID: NO_SUCH_ID, NewLeaseTime: LEASE }, [704], { from });
      yield* firewall.refuse('DeletePinhole', { UniqueID: NO_SUCH_ID }, [704], { from });
    },
    mutant: {
      what: 'port 0 is answered with 402',
      hooks: rewrites(
        ({ action }) => action === 'AddPinhole',
        (text) => text.replace('>706<', '>402<'),
      ),
    },
  },
};

interface Firewall {
  readonly firewall: ServiceUnderTest;
  /** This host, by its IPv6 address. */
  readonly from: Caller;
  /** Makes a pinhole that is deleted when the check is over. */
  readonly add: (tuple: CallArguments) => Promise<Result<number, Shortfall>>;
}

/** The firewall at the gateway's IPv6 address, if it lets pinholes be made. */
async function firewallOver6(bench: Bench): Promise<Result<Firewall, Shortfall>> {
  const { transport } = bench.self;
  const location = await locationOver6(bench);
  if (location === null) return inconclusive('an IPv6 address of the gateway', 'no answer to a search over IPv6');
  const fetched = await fetchDescription(transport, location);
  if (fetched.isErr()) return inconclusive(`a description at ${location}`, fetched.error.message);
  const { description, localAddress } = fetched.value;
  if (localAddress === null) return inconclusive('an IPv6 address of this host', 'the transport knows no such address');
  const described = subjectAt(location, description).services.find(({ name }) => name === NAME);
  if (described === undefined) return inconclusive(`${NAME} at ${location}`, 'the description has none');
  const from = { transport, address: localAddress };
  return bench.bind(described).asyncAndThen((firewall) =>
    firewall.succeed('GetFirewallStatus', {}, { from }).andThen((status) => {
      const isOpen = isTrue(status.get('FirewallEnabled')) && isTrue(status.get('InboundPinholeAllowed'));
      if (!isOpen) return inconclusive('a firewall that allows pinholes', 'it does not allow them');
      const add: Firewall['add'] = async (tuple) => {
        const answer = await firewall.succeed('AddPinhole', tuple, { from });
        if (answer.isErr()) return err(answer.error);
        const id = answer.value.get('UniqueID');
        remember(bench, firewall, from, id);
        return isUi2(id) ? ok(Number(id)) : missed('a UniqueID of 0 to 65535', `"${id ?? '(absent)'}"`);
      };
      return ok({ firewall, from, add });
    }),
  );
}

/** LOCATION of an answer to a search over IPv6, from an address that is more than link-local. */
async function locationOver6({ self, subject, clock }: Bench): Promise<string | null> {
  const interfaces = (await self.transport.interfaces.list()).unwrapOr([]);
  const name = interfaces.find(({ address }) => address === self.address)?.name;
  const multicastInterface = interfaces.find((one) => one.family === 'ipv6' && one.name === name);
  const opened = await self.transport.datagram.open({ family: 'ipv6', multicastInterface, ttl: 2 });
  if (opened.isErr()) return null;
  const socket = opened.value;
  const udn = subject.description?.device.udn?.toLowerCase() ?? '';
  const found = new AbortController();
  let location: string | null = null;
  const listening = (async () => {
    for await (const { payload } of socket.datagrams) {
      const header = (wanted: string): string =>
        readSsdpMessage(payload).headers.find(([spelling]) => spelling.toUpperCase() === wanted)?.[1] ?? '';
      const isGateway = udn !== '' && header('USN').toLowerCase().startsWith(udn);
      if (isGateway && /^http:\/\/\[(?!fe80:)[\da-f:.]+\]/i.test(header('LOCATION'))) {
        location = header('LOCATION');
        found.abort();
      }
    }
  })();
  for (let tries = 0; tries < 3 && !found.signal.aborted; tries += 1) {
    for (const address of SSDP_GROUPS.ipv6) {
      const to = { address, port: SSDP_PORT };
      const sent = await socket.send(writeSearch({ target: 'upnp:rootdevice' }, to), to);
      // What can't be sent to one group may still get there by the other.
      if (sent.isErr()) continue;
    }
    await clock.sleep(1_500, found.signal);
  }
  await socket.close();
  await listening;
  return location;
}

/** A pinhole to this host, on a port of its own. */
function pinhole(bench: Bench, { address }: Caller): CallArguments {
  const port = bench.ports.next();
  return {
    RemoteHost: '',
    RemotePort: 0,
    InternalClient: address,
    InternalPort: port,
    Protocol: TCP,
    LeaseTime: LEASE,
  };
}

/** To be deleted when the check is over, if it is there. */
function remember(bench: Bench, firewall: ServiceUnderTest, from: Caller, id: string | undefined): void {
  if (id === undefined) return;
  bench.atEnd(`a pinhole ${id}`, async () => {
    const deleted = await firewall.call('DeletePinhole', { UniqueID: id }, { from });
    if (deleted.isErr()) return false;
    const { values, code } = deleted.value;
    // Any other refusal than these says that it isn't there, in whatever words.
    return values !== null || (code !== null && ![606, 702, 703].includes(code));
  });
}
