/** Eventing: UDA 1.1, chapter 4, asked of the connection service with subscriptions of the suite's own. */
import type { Requirement } from './requirement.ts';

export const EVENTING_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'gena/subscribe',
    sentence: 'The gateway answers SUBSCRIBE with 200, a SID and a TIMEOUT.',
    clause: 'UDA 1.1, 4.1.2',
    level: 'must',
    kind: 'read',
    needs: ['events'],
  },
  {
    id: 'gena/initial-event',
    sentence: 'The first event has SEQ 0 and every evented variable of the SCPD.',
    clause: 'UDA 1.1, 4.2 and 4.3.2',
    level: 'must',
    kind: 'read',
    needs: ['events'],
  },
  {
    id: 'gena/timeout',
    sentence: 'A subscription lasts at least 1800 seconds, but not forever.',
    clause: 'UDA 1.1, 4.1.2: "SHOULD be greater than or equal to 1800 seconds"; infinite is deprecated',
    level: 'should',
    kind: 'read',
    note: 'since UDA 1.1, an infinite subscription violates a must',
    needs: ['events'],
  },
  {
    id: 'gena/renew-unsubscribe',
    sentence:
      'A client can renew a subscription by its SID and cancel it; the gateway refuses to renew a cancelled one.',
    clause: 'UDA 1.1, 4.1.3 and 4.1.4',
    level: 'must',
    kind: 'read',
    needs: ['events'],
  },
  {
    id: 'gena/unknown-sid',
    sentence: 'The gateway answers an unknown SID with 412.',
    clause: 'UDA 1.1, 4.1.3 and 4.1.4',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'gena/missing-callback-or-nt',
    sentence: 'The gateway answers SUBSCRIBE without CALLBACK or NT with 412.',
    clause: 'UDA 1.1, 4.1.2',
    level: 'must',
    kind: 'read',
    needs: ['events'],
  },
  {
    id: 'gena/sid-with-nt',
    sentence: 'The gateway answers SUBSCRIBE with both SID and NT with 400.',
    clause: 'UDA 1.1, 4.1.2 and 4.1.3: "400 Incompatible header fields"',
    level: 'must',
    kind: 'read',
    needs: ['events'],
  },
  {
    id: 'gena/callback-foreign',
    sentence: 'The gateway refuses a CALLBACK on another network.',
    clause: 'UDA 2.0, April 17, 2020, 4.1.1 (CVE-2020-12695)',
    level: 'should',
    kind: 'read',
    note: 'the clause says must, but only for newer gateways, and a description does not tell the date',
  },
];
