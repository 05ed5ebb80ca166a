import { MemoryNetwork, quietHost } from '@portwright/transport-mock';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import type { Headers } from '../messages.ts';
import { createAbort } from '../abort.ts';
import { fetchDocument } from './fetch-document.ts';

type Page = readonly [status: number, headers: Headers, body: string];

/** A host that serves these pages by their paths, and what was asked of it. */
function serve(pages: Readonly<Record<string, Page>>, delayMs = 0) {
  const network = new MemoryNetwork();
  const requests: string[] = [];
  for (const address of ['192.168.1.1', '192.168.1.66']) {
    network.attach({
      ...quietHost(address),
      http: (port, { method, url, headers }) => {
        requests.push(`${method} ${url} ${headers.map((header) => header.join(': ')).join(', ')}`);
        const [status, answered, body] = pages[url.replace(/^http:\/\/[^/]+/, '')] ?? [404, [], `nothing at ${port}`];
        return { kind: 'response', response: { status, headers: answered, body: encodeUtf8(body) }, delayMs };
      },
    });
  }
  return { transport: network.transport(), clock: network.clock, requests };
}

const BASE = 'http://192.168.1.1:5000';

describe('fetchDocument', () => {
  it('asks with a Host header and no others that invite trouble', async () => {
    const { transport, requests } = serve({ '/d.xml': [200, [], '<root/>'] });
    const document = (await fetchDocument(transport, `${BASE}/d.xml`))._unsafeUnwrap();
    expect({ ...document, body: decodeUtf8(document.body) }).toEqual({
      url: 'http://192.168.1.1:5000/d.xml',
      body: '<root/>',
      localAddress: '192.168.1.2',
    });
    expect(requests).toEqual(['GET http://192.168.1.1:5000/d.xml Host: 192.168.1.1:5000, Connection: close']);
  });

  it.each([301, 302, 303, 307, 308])('follows one redirect (%i) on the same host', async (status) => {
    const { transport } = serve({ '/old': [status, [['location', '/new']], ''], '/new': [200, [], 'here'] });
    const { url, body } = (await fetchDocument(transport, `${BASE}/old`))._unsafeUnwrap();
    expect([url, decodeUtf8(body)]).toEqual(['http://192.168.1.1:5000/new', 'here']);
  });

  it('follows no second one', async () => {
    const { transport, requests } = serve({
      '/a': [302, [['Location', '/b']], ''],
      '/b': [302, [['Location', '/c']], ''],
      '/c': [200, [], 'here'],
    });
    expect((await fetchDocument(transport, `${BASE}/a`))._unsafeUnwrapErr()).toMatchObject({
      kind: 'policy',
      code: 'redirect-refused',
    });
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['another host', 'http://192.168.1.66:5000/d.xml', 'redirect-refused'],
    ['a public host', 'http://8.8.8.8/', 'redirect-refused'],
    ['this host', 'http://127.0.0.1:5000/', 'redirect-refused'],
    ['another scheme', 'https://192.168.1.1/', 'not-http'],
    ['user information', 'http://me@192.168.1.1/', 'user-information'],
  ])('follows none to %s', async (_name, location, code) => {
    const { transport, requests } = serve({ '/a': [302, [['Location', location]], ''], '/d.xml': [200, [], 'here'] });
    expect((await fetchDocument(transport, `${BASE}/a`))._unsafeUnwrapErr()).toMatchObject({ kind: 'policy', code });
    expect(requests).toHaveLength(1);
  });

  it.each([302, 404, 500])('takes status %i for what it is', async (status) => {
    const { transport } = serve({ '/a': [status, [], 'no'] });
    expect((await fetchDocument(transport, `${BASE}/a`))._unsafeUnwrapErr()).toMatchObject({
      kind: 'transport',
      code: 'http-status',
      status,
    });
  });

  it('gives redirect and document one deadline together', async () => {
    const { transport, clock } = serve({ '/a': [302, [['Location', '/b']], ''], '/b': [200, [], 'here'] }, 700);
    expect((await fetchDocument(transport, `${BASE}/a`, { deadlineMs: 1000 }))._unsafeUnwrapErr()).toMatchObject({
      code: 'timeout',
    });
    expect(clock.now()).toBe(1000);
  });

  it('refuses a document that is larger than 1 MiB', async () => {
    const { transport } = serve({ '/a': [200, [], ' '.repeat(2 ** 20 + 1)] });
    expect((await fetchDocument(transport, `${BASE}/a`))._unsafeUnwrapErr()).toMatchObject({ code: 'too-large' });
  });

  it('stops when aborted', async () => {
    const { transport, clock } = serve({ '/a': [200, [], 'here'] }, 500);
    const { signal, abort } = createAbort();
    const pending = fetchDocument(transport, `${BASE}/a`, { signal });
    await clock.sleep(100);
    abort();
    expect((await pending)._unsafeUnwrapErr()).toMatchObject({ kind: 'transport', code: 'aborted' });
    expect(clock.now()).toBe(100);
  });
});
