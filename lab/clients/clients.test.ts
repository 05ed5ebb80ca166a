/** Clients of other projects map a port on simulated routers, are seen in the table, and unmap it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { extraAbsence, skipWithoutLab } from '../availability.mjs';
import { runClients } from './client-matrix.mjs';
import { CLIENTS } from './client.mjs';
import { PERSONAS, SHORTFALLS } from './expected.mjs';

describe.skipIf(skipWithoutLab())('clients of other projects', () => {
  const known = CLIENTS.map((client) => ({ ...client, absence: extraAbsence(client.needs) }));
  const installed = known.filter(({ absence }) => absence === undefined);
  const outcomes = new Map<string, Awaited<ReturnType<typeof runClients>>>();
  beforeAll(async () => {
    // Most of the time is pauses of the clients, so the personas run side by side as well.
    await Promise.all(PERSONAS.map(async (persona) => outcomes.set(persona, await runClients(persona, installed))));
  });

  describe.each(PERSONAS)('on %s', (persona) => {
    for (const { name, absence } of known) {
      const [outcome, reason] = SHORTFALLS[persona]?.[name] ?? ['all of it', 'it maps, is in the table, and unmaps'];
      it.skipIf(absence !== undefined)(`${name}: ${absence ?? `${outcome}: ${reason}`}`, () => {
        const { outcome: actual, printed } = outcomes.get(persona)?.get(name) ?? {};
        expect(actual, printed).toBe(outcome);
      });
    }
  });

  it('the table of expectations names clients that there are', () => {
    const names = new Set(CLIENTS.map(({ name }) => name));
    expect(Object.values(SHORTFALLS).flatMap((row) => Object.keys(row).filter((name) => !names.has(name)))).toEqual([]);
  });
});
