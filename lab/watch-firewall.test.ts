/** A watched gateway behind this host's own firewall, which lets in only what belongs to a connection of ours. */
import { describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { startOnLan } from './keep.mjs';
import { createLab, type Lab } from './lab.mjs';

/** What most firewalls of a desktop do: announcements and events never arrive, answers do. */
const ESTABLISHED_ONLY = `table inet client {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    iif lo accept
  }
}
`;

const POLL_MS = 15_000;

async function closeLan({ lan }: Lab): Promise<void> {
  expect(await lan.exec('nft', ['-f', '-'], { input: ESTABLISHED_ONLY })).toMatchObject({ code: 0, stderr: '' });
}

describe.skipIf(skipWithoutLab())('behind a firewall that lets only established traffic in', () => {
  it('a restart with an empty table is noticed at the next poll', async () => {
    await using lab = await createLab();
    await closeLan(lab);
    await using program = await startOnLan(lab, 'keep-watching.ts', [lab.descriptionUrl, String(POLL_MS)]);
    await program.said('watching');
    // The poll after ten seconds learns that the uptime runs.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    await lab.restartGateway({ killed: true, emptyTable: true });
    expect(await program.said('restarted', (5 * POLL_MS) / 1000)).toEqual({ kind: 'restarted', source: 'poll' });
  });
});
