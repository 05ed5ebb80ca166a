import { ok } from '@portwright/core/result';
import { done, numberArgument, refuse } from '../gateway/action.ts';
import type { ActionArguments } from '../gateway/model.ts';
import type { FaultDefinition, FaultHooks, InterceptedCall } from './fault.ts';
import { rewritingXml } from './rewrite.ts';

const ADDING = ['AddPortMapping', 'AddAnyPortMapping'];
const LISTING = ['GetGenericPortMappingEntry'];
const READING = ['GetGenericPortMappingEntry', 'GetSpecificPortMappingEntry'];
const RENEW = 'renews at half of the lease, and verifies';
const REPORT_LEASE = 'reports the granted lease';
const LEASE_0 = 'requests a lease of 0, and deletes the mapping itself';
const OTHER_PORT = 'overwrites its own mapping; otherwise tries another port';
const STOP = 'treats it as the end of the list';
/** Ports that `conflict-on-the-first-ports` refuses. */
const TAKEN_PORTS = 3;

/** What goes wrong with mappings: making, keeping and listing them. */
export const MAPPING_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  'mappings-dropped': {
    row: 41,
    what: 'the gateway forgets all mappings without notice',
    remedy: RENEW,
    testSetup: { when: { after: '20m' } },
    hooks: ({ controls }) => ({
      strike: () => {
        controls.dropMappings();
      },
    }),
  },
  'mapping-not-made': {
    row: 41,
    what: 'AddPortMapping succeeds, but nothing is mapped',
    remedy: RENEW,
    on: ['AddPortMapping'],
    testSetup: { router: { igdVersion: 1 } },
    hooks: () => ({ action: () => done() }),
  },
  'lease-ends-early': {
    row: 41,
    what: 'a lease expires after a third of its time',
    remedy: RENEW,
    on: ADDING,
    hooks: () => ({
      action: (call, proceed) => {
        const lease = numberArgument(call.args, 'NewLeaseDuration');
        return proceed(withArgument(call, 'NewLeaseDuration', Math.ceil(lease / 3)));
      },
    }),
  },
  'lease-reads-4294967295': {
    row: 42,
    what: 'every lease reads 4294967295 (Askey)',
    remedy: REPORT_LEASE,
    on: READING,
    hooks: () => ({ options: { reports: { lease: 4_294_967_295 } } }),
  },
  'lease-altered': {
    row: 42,
    what: 'every mapping gets a lease of one day, whatever the request says (Arris)',
    remedy: REPORT_LEASE,
    on: ADDING,
    hooks: () => ({ options: { grantedLease: 86_400 } }),
  },
  'timed-lease-725': timedLease(725, 'OnlyPermanentLeasesSupported (MikroTik, Netgear)'),
  'timed-lease-402': timedLease(402, 'Invalid Args (Arris)'),
  'timed-lease-501': timedLease(501, 'Action Failed (TP-Link)'),
  'timed-lease-718': timedLease(718, 'ConflictInMappingEntry (Askey)'),
  'permanent-lease-402': {
    row: 43,
    what: 'a lease of 0 is refused with 402',
    remedy: 'requests a finite lease, and renews it',
    on: ADDING,
    testSetup: { router: { igdVersion: 1 }, request: { leaseSeconds: 0 } },
    hooks: () => ({ options: { leasePolicy: 'finite-only', refusals: { permanentLease: 402 } } }),
  },
  'conflict-718': {
    row: 44,
    what: 'every port belongs to another client: 718',
    remedy: OTHER_PORT,
    on: ADDING,
    hooks: refusing(718),
  },
  'conflict-on-the-first-ports': {
    row: 44,
    what: 'the first three requested external ports belong to another client: 718',
    remedy: OTHER_PORT,
    on: ['AddPortMapping'],
    testSetup: { router: { igdVersion: 1 } },
    hooks: () => {
      const taken = new Set<number>();
      return {
        action: (call, proceed) => {
          const port = numberArgument(call.args, 'NewExternalPort');
          if (taken.size < TAKEN_PORTS) taken.add(port);
          return taken.has(port) ? refuse(718) : proceed();
        },
      };
    },
  },
  'no-port-maps-728': {
    row: 45,
    what: 'the mapping table is full: 728',
    remedy: 'reports it, and stops',
    on: ADDING,
    hooks: () => ({ options: { capacity: 0, refusals: { full: 728 } } }),
  },
  'not-authorized-606': {
    row: 46,
    what: 'the owner does not allow mappings: 606 (FRITZ!Box)',
    remedy: 'reports “not authorized”, and says where the setting is',
    on: [...ADDING, 'DeletePortMapping', 'DeletePortMappingRange'],
    hooks: refusing(606),
  },
  'remote-host-only-wildcard-726': {
    row: 47,
    what: 'a remote host is refused with 726',
    remedy: 'sends an empty remote host',
    on: ADDING,
    hooks: () => ({ options: { requiresAnyRemoteHost: true } }),
  },
  'external-port-only-wildcard-727': {
    row: 47,
    what: 'every external port but 0 is refused with 727',
    remedy: 'reports it, and never requests port 0, which opens all ports',
    on: ADDING,
    hooks: () => ({ options: { requiresExternalPortWildcard: true, allowsExternalPortWildcard: true } }),
  },
  'listing-ends-with-714': {
    row: 48,
    what: 'the list ends with 714',
    remedy: STOP,
    on: LISTING,
    testSetup: { router: { igdVersion: 1, refusals: { noSuchEntry: 'first-entry' } }, occupied: [2001, 2002, 2003] },
    hooks: () => ({ options: { refusals: { noSuchIndex: 714 } } }),
  },
  'listing-ends-with-402': {
    row: 48,
    what: 'the list ends with 402 (TP-Link)',
    remedy: STOP,
    on: LISTING,
    testSetup: { router: { igdVersion: 1, refusals: { noSuchEntry: 'first-entry' } }, occupied: [2001, 2002, 2003] },
    hooks: () => ({ options: { refusals: { noSuchIndex: 402 } } }),
  },
  'listing-breaks-off': {
    row: 48,
    what: 'every list entry after the first fails with 501',
    remedy: 'reports that the list is incomplete',
    on: LISTING,
    testSetup: { router: { igdVersion: 1, refusals: { noSuchEntry: 'first-entry' } }, occupied: [2001, 2002, 2003] },
    hooks: () => ({
      action: (call, proceed) => (numberArgument(call.args, 'NewPortMappingIndex') === 0 ? proceed() : refuse(501)),
    }),
  },
  'listing-never-ends': {
    row: 48,
    what: 'the list never ends: the gateway invents an entry for every index',
    remedy: 'stops after 10,000 entries',
    on: LISTING,
    testSetup: { router: { igdVersion: 1, refusals: { noSuchEntry: 'first-entry' } }, occupied: [2001, 2002, 2003] },
    hooks: () => ({
      action: (call, proceed) => {
        const index = numberArgument(call.args, 'NewPortMappingIndex');
        return proceed().orElse(() =>
          ok({
            NewRemoteHost: '',
            NewExternalPort: 1 + (index % 65_535),
            NewProtocol: 'UDP',
            NewInternalPort: 1 + (index % 65_535),
            NewInternalClient: call.caller,
            NewEnabled: true,
            NewPortMappingDescription: `entry ${index}`,
            NewLeaseDuration: 0,
          }),
        );
      },
    }),
  },
  'all-zero-entry': {
    row: 49,
    what: 'the list begins with a disabled entry of zeros (MikroTik)',
    remedy: 'keeps it, marked as invalid, and continues',
    on: LISTING,
    testSetup: { router: { igdVersion: 1, refusals: { noSuchEntry: 'first-entry' } }, occupied: [2001, 2002, 2003] },
    hooks: () => ({ options: { reports: { hasZeroRow: true } } }),
  },
  'port-range-in-listing': oddRow('a range of ports (FRITZ!Box)', {
    NewExternalPort: '27005-27015',
    NewInternalPort: '27005-27015',
  }),
  'both-protocols-in-listing': oddRow('the protocol TCP/UDP', { NewProtocol: 'TCP/UDP' }),
  'no-internal-port-in-listing': oddRow('an empty internal port', { NewInternalPort: '' }),
  'raw-markup-in-listing': {
    ...oddRow('a description with a raw <, so that the document is malformed', {}),
    hooks: () => ({
      ...rewritingXml((xml) => xml.replace('a&lt;b', 'a<b')),
      options: { reports: { oddRows: [{ NewPortMappingDescription: 'a<b' }] } },
    }),
  },
};

function oddRow(what: string, row: Readonly<Record<string, string>>): FaultDefinition {
  return {
    row: 49,
    what: `the list begins with ${what}`,
    remedy: 'keeps it as unreadable, with its text, and continues',
    on: LISTING,
    testSetup: { router: { igdVersion: 1, refusals: { noSuchEntry: 'first-entry' } }, occupied: [2001, 2002, 2003] },
    hooks: () => ({ options: { reports: { oddRows: [row] } } }),
  };
}

function timedLease(code: number, name: string): FaultDefinition {
  return {
    row: 43,
    what: `a lease other than 0 is refused with ${code} ${name}`,
    remedy: LEASE_0,
    on: ADDING,
    testSetup: { router: { igdVersion: 1 } },
    hooks: () => ({ options: { leasePolicy: 'permanent-only', refusals: { timedLease: code } } }),
  };
}

function refusing(code: number): () => FaultHooks {
  return () => ({ action: () => refuse(code) });
}

function withArgument(call: InterceptedCall, name: string, value: number): InterceptedCall {
  const args: ActionArguments = new Map([...call.args, [name, value]]);
  return { ...call, args };
}
