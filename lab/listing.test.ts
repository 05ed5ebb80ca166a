/** Long tables on real gateways: how many requests it takes to list one. */
import { describe, expect, it } from 'vitest';
import { skipWithoutLab } from './availability.mjs';
import { fillTable } from './fill.mjs';
import { createLab, type Lab } from './lab.mjs';
import { runTypeScript } from './typescript.mjs';

const PROGRAM = new URL('list-a-table.ts', import.meta.url);

function requests(lab: Lab): readonly string[] {
  return lab.gatewayLog().match(/(?<=SOAPAction: .*#)Get\w*PortMapping\w*/g) ?? [];
}

describe.skipIf(skipWithoutLab(['miniupnpd on iptables']))('a long table', { timeout: 180_000 }, () => {
  it('of 1,001 mappings takes one request on iptables, where the gateway is known to list so many', async () => {
    await using lab = await createLab({ firewall: 'iptables' });
    await fillTable(lab, 1_001);
    const { stdout, stderr } = await runTypeScript(lab, lab.lan, PROGRAM, [lab.descriptionUrl, 'at-once']);
    expect({ stdout: stdout.trim(), stderr }).toEqual({
      stdout: '{"complete":true,"count":1001,"first":20000,"last":21000}',
      stderr: '',
    });
    expect(requests(lab)).toEqual(['GetListOfPortMappings']);
  });

  it('of 140 mappings is read entry by entry on nftables, where a listing has room for 128 ports', async () => {
    await using lab = await createLab();
    await fillTable(lab, 140);
    const { stdout, stderr } = await runTypeScript(lab, lab.lan, PROGRAM, [lab.descriptionUrl]);
    expect({ stdout: stdout.trim(), stderr }).toEqual({
      stdout: '{"complete":true,"count":140,"first":20000,"last":20139}',
      stderr: '',
    });
    expect(new Set(requests(lab))).toEqual(new Set(['GetGenericPortMappingEntry']));
  });
});
