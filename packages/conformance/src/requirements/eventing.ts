/** Eventing: UDA 1.1, chapter 4, asked of the connection service with subscriptions of the suite's own. */
import type { Requirement } from './requirement.ts';

export const EVENTING_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'gena/subscribe',
    sentence: 'SUBSCRIBE is answered with 200, a SID and a TIMEOUT.',
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
    sentence: 'A subscription lasts at least 1800 seconds, and not for ever.',
    clause: 'UDA 1.1, 4.1.2: "SHOULD be greater than or equal to 1800 seconds"; infinite is deprecated',
    level: 'should',
    kind: 'read',
    note: 'from UDA 1.1 on a subscription without an end misses a must',
    needs: ['events'],
  },
  {
    id: 'gena/renew-unsubscribe',
    sentence: 'A subscription can be renewed under its SID, and cancelled; after that it can’t be renewed.',
    clause: 'UDA 1.1, 4.1.3 and 4.1.4',
    level: 'must',
    kind: 'read',
    needs: ['events'],
  },
  {
    id: 'gena/unknown-sid',
    sentence: 'A SID that the gateway does not know is answered with 412.',
    clause: 'UDA 1.1, 4.1.3 and 4.1.4',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'gena/missing-callback-or-nt',
    sentence: 'SUBSCRIBE without CALLBACK, or without NT, is answered with 412.',
    clause: 'UDA 1.1, 4.1.2',
    level: 'must',
    kind: 'read',
    needs: ['events'],
  },
  {
    id: 'gena/sid-with-nt',
    sentence: 'SUBSCRIBE with a SID and NT is answered with 400.',
    clause: 'UDA 1.1, 4.1.2 and 4.1.3: "400 Incompatible header fields"',
    level: 'must',
    kind: 'read',
    needs: ['events'],
  },
  {
    id: 'gena/callback-foreign',
    sentence: 'A CALLBACK on another network is refused.',
    clause: 'UDA 2.0, April 17, 2020, 4.1.1 (CVE-2020-12695)',
    level: 'should',
    kind: 'read',
    note: 'a must of its clause, which binds no gateway that claims an older version, and no description tells that date',
  },
];
