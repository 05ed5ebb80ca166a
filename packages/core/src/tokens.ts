/**
 * Names under which a dependency-injection container finds the ports. They are plain symbols, from the global symbol
 * registry, so that two copies of this package in one program mean the same thing by them; no container is imported.
 */
export const HTTP_PORT: symbol = Symbol.for('portwright.http');
export const DATAGRAM_PORT: symbol = Symbol.for('portwright.datagram');
export const INTERFACES_PORT: symbol = Symbol.for('portwright.interfaces');
export const CLOCK_PORT: symbol = Symbol.for('portwright.clock');
/** EventsPort, the optional one. */
export const EVENTS_PORT: symbol = Symbol.for('portwright.events');
export const RANDOM_PORT: symbol = Symbol.for('portwright.random');

/** The whole {@link Transport}, assembled from the five ports above. */
export const TRANSPORT: symbol = Symbol.for('portwright.transport');
