/** Where a search sends requests. */
import { MemoryNetwork } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { discover } from './discover.ts';
import { ATTACKER, liar, ROUTER, watched } from './forged-answers.test-support.ts';
import type { SearchOptions } from './search-types.ts';

async function askedFor(from: string, location: string, options: SearchOptions = {}, router: string | null = null) {
  const network = new MemoryNetwork();
  network.defaultGateway = router;
  network.attach(liar(() => [[from, location]]));
  const { transport, asked } = watched(network.transport());
  const { rejected } = (await discover(transport, options))._unsafeUnwrap();
  return { asked, code: rejected[0]?.error?.code };
}

describe('a search', () => {
  it.each([
    ['another scheme', ATTACKER, 'file:///etc/passwd', 'not-http'],
    ['user information', ATTACKER, 'http://me@192.168.1.66/', 'user-information'],
    ['another private network', '172.31.9.9', 'http://172.31.9.9:22/', 'off-link-address'],
    ['another private network at a usual port', '172.31.9.9', 'http://172.31.9.9/', 'off-link-address'],
    ['a neighbouring network', '192.168.2.1', 'http://192.168.2.1:5000/', 'off-link-address'],
    ['the Internet', '8.8.8.8', 'http://8.8.8.8/', 'public-address'],
    ['this network, from another one', '10.9.9.9', 'http://192.168.1.1/', 'off-link-address'],
    ['a port of another service', ROUTER, 'http://192.168.1.1:22/', 'low-port'],
    ['a port of another service, by a name', ROUTER, 'http://localhost:631/', 'low-port'],
  ])('sends no request when a LOCATION names %s', async (_what, from, location, code) => {
    expect(await askedFor(from, location)).toEqual({ asked: [], code });
  });

  it.each([
    ['off-link hosts', '172.31.9.9', 'http://172.31.9.9/', { allowOffLink: true }],
    ['any port', ATTACKER, 'http://192.168.1.66:81/', { allowAnyPort: true }],
    ['both', '172.31.9.9', 'http://172.31.9.9:22/', { allowOffLink: true, allowAnyPort: true }],
  ])('sends one by option: %s', async (_what, from, location, locations) => {
    expect((await askedFor(from, location, { locations })).asked).toEqual([location]);
  });

  it('asks a default router that is on another network', async () => {
    expect((await askedFor('10.9.8.7', 'http://10.9.8.7/', {}, '10.9.8.7')).asked).toEqual(['http://10.9.8.7/']);
  });

  it.each([
    ['another host', 'http://192.168.1.1:5000/d?x'],
    ['loopback', 'http://127.0.0.1:5000/d?x'],
    ['a disguised loopback address', 'http://127.1:5000/d?x'],
    ['a public address', 'http://8.8.8.8:5000/d?x'],
    ['a host name', 'http://router.example:5000/d?x'],
    ['no host', 'http://0.0.0.0:5000/d?x'],
    ['a link-local address', 'http://169.254.169.254:5000/d?x'],
    ['loopback over IPv6', 'http://[::1]:5000/d?x'],
  ])('asks the responder, and nobody else, when a LOCATION names %s', async (_what, location) => {
    expect((await askedFor(ATTACKER, location)).asked).toEqual(['http://192.168.1.66:5000/d?x']);
  });

  it('asks the responder if it was not told whether to', async () => {
    const locations = { rewriteToResponder: undefined };
    expect((await askedFor(ATTACKER, 'http://[::1]/', { locations })).asked).toEqual(['http://192.168.1.66/']);
  });

  it('does not even ask the responder if told not to', async () => {
    const { asked, code } = await askedFor(ATTACKER, 'http://192.168.1.1/', {
      locations: { rewriteToResponder: false },
    });
    expect([asked, code]).toEqual([[], 'foreign-host']);
  });
});
