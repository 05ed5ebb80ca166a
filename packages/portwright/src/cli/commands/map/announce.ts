/** The mappings that a router granted, as texts for people and as JSON. */
import type { Lease, MappedPort } from '@portwright/core/mapping';
import { leaseJson, route, term, viaName } from '../../output/phrases.ts';
import type { Terminal } from '../../output/terminal.ts';

/** A permanent lease is shown only after it was read back: version 2 gateways grant a week (WANIPConnection:2, 2.5.21). */
export function mappedLine(terminal: Terminal, lease: Lease): string {
  const how = lease.leaseSeconds === 0 ? '' : term(lease);
  return `${terminal.style('green', route(lease, null))} is mapped by ${viaName(lease.via)}${how}\n`;
}

/** The mappings for which the line that was announced is wrong by now. */
export function changedSince(announced: readonly Lease[], mapped: readonly MappedPort[]): readonly Lease[] {
  return mapped
    .filter((one) => !announced.some((said) => isSame(said, one.granted)) && notPermanent(one).length === 0)
    .map(({ granted }) => granted);
}

/** Gateways count the lease down from the request on. */
const LEASE_TOLERANCE_SECONDS = 30;

/** Whether the announced text is also right for the granted mapping. */
function isSame(announced: Lease, granted: Lease): boolean {
  const [said, given] = [announced.leaseSeconds ?? 0, granted.leaseSeconds ?? announced.leaseSeconds ?? 0];
  return (
    announced.via === granted.via &&
    route(announced, null) === route(granted, null) &&
    (said === 0) === (given === 0) &&
    Math.abs(said - given) <= LEASE_TOLERANCE_SECONDS
  );
}

/** The line for a permanent mapping that was requested and granted. */
export function permanence(mapped: readonly MappedPort[]): string {
  if (!mapped.every(isPermanent)) return '';
  const isSeen = mapped.every(({ verified }) => verified === 'verified');
  return isSeen ? 'The mapping is permanent\n' : 'The mapping is permanent, if the router allows that\n';
}

function isPermanent({ requested, granted }: MappedPort): boolean {
  return requested.leaseSeconds === 0 && granted.leaseSeconds === 0;
}

/** The core does not warn of the week that version 2 gateways grant. */
function notPermanent({ requested, granted }: MappedPort): readonly string[] {
  return requested.leaseSeconds === 0 && granted.leaseSeconds !== null && granted.leaseSeconds > 0
    ? [
        `${granted.protocol} port ${granted.externalPort} is mapped${term(granted)}, not permanently: the router limits the lease.`,
      ]
    : [];
}

export function warningsAbout(mapped: MappedPort): readonly string[] {
  const instead = notPermanent(mapped);
  const others = mapped.warnings.filter(({ code }) => code !== 'altered-lease' || instead.length === 0);
  return [...others.map(({ message }) => `${capitalized(message)}.`), ...instead];
}

export function mappingJson({ granted, requested, verified, attempts }: MappedPort): object {
  return { ...leaseJson(granted), requested, verified, attempts };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
