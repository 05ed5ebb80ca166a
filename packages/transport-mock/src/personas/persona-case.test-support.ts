import { expect } from 'vitest';
import { args, text } from '../gateway.test-support.ts';
import { type Met, textsOf } from './persona.test-support.ts';

/** What a persona is known by: asserts on it. */
export type PersonaCase = (met: Met) => Promise<void>;

/** Arguments of GetListOfPortMappings. */
export const everything: string = args({
  NewStartPort: 1,
  NewEndPort: 65_535,
  NewProtocol: 'TCP',
  NewManage: 1,
  NewNumberOfPorts: 0,
});

/** A SOAP answer's text. */
export async function answer({ send }: Met, action: string, argsXml = ''): Promise<string> {
  return text((await send(action, argsXml)).body);
}

export const refusesTimedLeases =
  (code: number): PersonaCase =>
  async ({ add }) => {
    expect(await add({ NewLeaseDuration: 60 })).toBe(code);
    expect(await add({ NewLeaseDuration: 0 })).toEqual({});
  };

export const hasOneUdn: PersonaCase = ({ description }) => {
  expect(new Set(textsOf(description, 'UDN')).size).toBe(1);
  expect(textsOf(description, 'UDN')).toHaveLength(3);
  return Promise.resolve();
};

/** What a root device says of itself, in the order of the elements. */
export const says =
  (names: Readonly<Record<string, string>>): PersonaCase =>
  ({ description }) => {
    for (const [name, value] of Object.entries(names))
      expect([name, textsOf(description, name)[0]]).toEqual([name, value]);
    return Promise.resolve();
  };

/** One case after another. */
export const all =
  (...cases: readonly PersonaCase[]): PersonaCase =>
  async (met) => {
    for (const each of cases) await each(met);
  };

/** The targets in the answers to a multicast search. */
export async function searchFor(
  router: Met['router'],
  target: string,
  to = '239.255.255.250',
): Promise<readonly string[]> {
  const socket = (await router.transport.datagram.open({ family: 'ipv4' }))._unsafeUnwrap();
  const search = `M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${target}\r\n\r\n`;
  (await socket.send(new TextEncoder().encode(search), { address: to, port: 1900 }))._unsafeUnwrap();
  await router.clock.advance('2s');
  await socket.close();
  const found: string[] = [];
  for await (const { payload } of socket.datagrams) found.push(/^ST: (.*)\r$/m.exec(text(payload))?.[1] ?? '');
  return found;
}
