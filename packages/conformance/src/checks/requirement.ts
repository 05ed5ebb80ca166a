/** A requirement as data: what a gateway has to do, where that is written, and what it takes to find out. */

/** The parts of the specifications, in the order in which they are checked. */
export const AREAS = [
  'ssdp',
  'desc',
  'scpd',
  'soap',
  'gena',
  'wanip',
  'wanip2',
  'wanppp',
  'wancic',
  'v6fw',
  'l3f',
  'pcp',
  'nat-pmp',
] as const;

/** The first half of a requirement's id. */
export type Area = (typeof AREAS)[number];

/** `ssdp/msearch-rootdevice`. */
export type RequirementId = `${Area}/${string}`;

/**
 * How binding it is. `must`, `should` and `may` are the specification's own words (RFC 2119); `own` is a rule of this
 * suite, which no specification has: something that control points suffer from where it is not so.
 */
export type Level = 'must' | 'should' | 'may' | 'own';

/**
 * What the check does to the gateway. `read` changes nothing; where the run may write it may make what it looks at.
 * `write` makes and deletes mappings of its own.
 * `disruptive` may be felt by others while it lasts: every port open, the gateway rebooted.
 */
export type Kind = 'read' | 'write' | 'disruptive';

/** What a run is allowed to do to the gateway. */
export interface Permissions {
  readonly write: boolean;
  readonly disruptive: boolean;
}

/**
 * What the check needs beside the gateway: a host on its WAN side, a second client on its LAN, a place where events can
 * be sent to, somebody who turns the gateway off and on, IPv6 between this host and its PCP server.
 */
export type Need = 'wan-host' | 'second-client' | 'events' | 'reboot' | 'ipv6';

/**
 * What a gateway may be or have: a device or service type without its domain (`WANIPConnection:2`), a version of the
 * architecture that its description claims (`UDA:1.1`), or a server on UDP port 5351 with its version in messages (`PCP:2`,
 * `NAT-PMP:0`).
 */
export type Feature = `${string}:${number}`;

export interface Requirement {
  readonly id: RequirementId;
  /** What the gateway does, as a statement that is true or not. */
  readonly sentence: string;
  /** Where it is written, for people. */
  readonly clause: string;
  readonly level: Level;
  readonly kind: Kind;
  /** Why it is not as binding as its clause, or not in all of its parts. */
  readonly note?: string | undefined;
  /** It concerns gateways with one of these. Absent: all with UPnP. */
  readonly appliesTo?: readonly Feature[] | undefined;
  /** Absent: nothing but the gateway. */
  readonly needs?: readonly Need[] | undefined;
}
