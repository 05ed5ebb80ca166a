import { expect, test } from 'vitest';
import { CASES } from '../cases/all.ts';
import { REQUIREMENTS } from './all.ts';

const ids = REQUIREMENTS.map(({ id }) => id);

/** What is to be asked of a gateway, as it was planned: id, level, kind. */
const PLAN = `
  ssdp/msearch-igd1-reply must read
  ssdp/msearch-igd2-reply must read
  ssdp/lower-version must read
  ssdp/msearch-rootdevice must read
  ssdp/msearch-all must read
  ssdp/msearch-uuid must read
  ssdp/msearch-service must read
  ssdp/unknown-st-silent must read
  ssdp/no-mx-silent must read
  ssdp/mx-over-5 should read
  ssdp/bad-man-silent must read
  ssdp/unicast-reply should read
  ssdp/reply-headers must read
  ssdp/maxage-1800 should read
  ssdp/location-reachable must read
  ssdp/bootid-configid must read
  ssdp/alive-byebye must disruptive
  ssdp/wan-silent must read
  desc/get-200-xml must read
  desc/content-type should read
  desc/wellformed-utf8 must read
  desc/root-namespace must read
  desc/required-fields must read
  desc/urlbase-optional may read
  desc/tree must read
  desc/wan-service must read
  desc/urls-resolve must read
  desc/same-host own read
  desc/no-doctype own read
  scpd/required-actions must read
  scpd/args must read
  scpd/evented-vars must read
  soap/response-name-ns must read
  soap/fault-http-500 must read
  soap/fault-shape must read
  soap/fault-401-invalid-action must read
  soap/fault-402-missing-arg must read
  soap/fault-402-bad-type must read
  soap/any-prefix must read
  soap/wrong-urn should read
  soap/no-soapaction may read
  soap/expect-100 may read
  soap/parallel own read
  soap/query-unknown-var may read
  gena/subscribe must read
  gena/initial-event must read
  gena/timeout should read
  gena/renew-unsubscribe must read
  gena/unknown-sid must read
  gena/missing-callback-or-nt must read
  gena/sid-with-nt must read
  gena/callback-foreign must read
  wanip/status-info must read
  wanip/connection-type-info must read
  wanip/nat-rsip must read
  wanip/external-ip must read
  wanip/add-then-get-specific must write
  wanip/add-tcp-and-udp must write
  wanip/add-same-overwrites must write
  wanip/add-conflict-718 must write
  wanip/add-lease must write
  wanip/lease-counts-down should write
  wanip/lease-0-permanent must write
  wanip/add-different-ports must write
  wanip/add-remote-host may write
  wanip/add-ext-wildcard may disruptive
  wanip/add-client-wildcard must write
  wanip/add-foreign-client should write
  wanip/add-bad-protocol must write
  wanip/description-escaping should write
  wanip/generic-walk must read
  wanip/specific-unknown-714 must read
  wanip/delete must write
  wanip/delete-unknown-714 must write
  wanip/capacity own write
  wanip/traffic must write
  wanip2/add-any-free must write
  wanip2/add-any-conflict must write
  wanip2/add-any-same must write
  wanip2/lease-0-is-604800 must write
  wanip2/no-724-727 must write
  wanip2/int-port-0 must write
  wanip2/bad-protocol-601 must write
  wanip2/list-range must read
  wanip2/range-empty-730 must write
  wanip2/range-inverted-733 must read
  wanip2/delete-range must write
  wanip2/events must write
  wanip2/unauthorized-606 must read
  wanppp/mapping-suite must write
  wanppp/no-plaintext-password own read
  wancic/common-link must read
  wancic/counters may read
  v6fw/status must read
  v6fw/add-update-delete must write
  v6fw/errors must write
  l3f/default-connection must read
`
  .trim()
  .split(/\n\s*/);

/** Where the entries have another level or kind than was planned. Their notes say why. */
const DEPARTURES: Readonly<Record<string, string>> = {
  // It was planned as what UDA 2.0 says, whatever a gateway claims to be.
  'gena/callback-foreign must read': 'gena/callback-foreign should read',
};

test('the requirements are those of the plan, with its levels and kinds, but for departures that say why', () => {
  expect(PLAN).toHaveLength(97);
  expect(REQUIREMENTS.map(({ id, level, kind }) => `${id} ${level} ${kind}`).toSorted()).toEqual(
    PLAN.map((row) => DEPARTURES[row] ?? row).toSorted(),
  );
  const departing = REQUIREMENTS.filter(({ id }) => Object.keys(DEPARTURES).some((row) => row.startsWith(`${id} `)));
  expect(departing.filter(({ note }) => note === undefined)).toEqual([]);
  expect(departing).toHaveLength(Object.keys(DEPARTURES).length);
});

test('no id stands twice', () => {
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

test('every requirement has a case', () => {
  expect(ids.filter((id) => CASES[id] === undefined)).toEqual([]);
});

test('every case has a requirement', () => {
  expect(Object.keys(CASES).filter((id) => !ids.some((one) => one === id))).toEqual([]);
});

test('every sentence is one, and every requirement says where it is written', () => {
  expect(REQUIREMENTS.filter(({ sentence }) => !/^[A-Z].*\.$/s.test(sentence))).toEqual([]);
  expect(REQUIREMENTS.filter(({ clause }) => clause.length < 5)).toEqual([]);
});

test('a rule of the suite’s own claims no specification, and everything else does', () => {
  const own = REQUIREMENTS.filter(({ clause }) => clause.startsWith('A rule of this suite'));
  expect(own).toEqual(REQUIREMENTS.filter(({ level }) => level === 'own'));
});

test('what a requirement applies to is written as features are', () => {
  const features = REQUIREMENTS.flatMap(({ appliesTo = [] }) => appliesTo);
  expect(features.filter((feature) => !/^(?:UDA:1\.\d|[A-Za-z0-9]+:\d)$/.test(feature))).toEqual([]);
});
