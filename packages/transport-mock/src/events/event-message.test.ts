import { expect, test } from 'vitest';
import { text } from '../gateway.test-support.ts';
import { nextEventKey, writeEvent } from './event-message.ts';

test('UDA 1.1, 4.3.2: NOTIFY', () => {
  const values = new Map([
    ['ConnectionStatus', 'Connected'],
    ['ExternalIPAddress', '<5.5.5.1> & "so on"'],
  ]);
  const request = writeEvent('http://192.168.1.2:8058/events?a=b', { sid: 'uuid:a', key: 7, values });
  expect(request).toMatchObject({
    method: 'NOTIFY',
    url: 'http://192.168.1.2:8058/events?a=b',
    headers: [
      ['HOST', '192.168.1.2:8058'],
      ['CONTENT-TYPE', 'text/xml; charset="utf-8"'],
      ['CONTENT-LENGTH', '271'],
      ['NT', 'upnp:event'],
      ['NTS', 'upnp:propchange'],
      ['SID', 'uuid:a'],
      ['SEQ', '7'],
      ['CONNECTION', 'close'],
    ],
  });
  expect(text(request.body)).toBe(
    '<?xml version="1.0"?>\r\n<e:propertyset xmlns:e="urn:schemas-upnp-org:event-1-0">' +
      '<e:property><ConnectionStatus>Connected</ConnectionStatus></e:property>' +
      '<e:property><ExternalIPAddress>&lt;5.5.5.1&gt; &amp; &quot;so on&quot;</ExternalIPAddress></e:property>' +
      '</e:propertyset>\r\n',
  );
  expect(request.body).toHaveLength(271);
});

test('to IPv6 HOST has brackets, and the port that the URL leaves out', () => {
  const { headers } = writeEvent('http://[fd77::2]/', { sid: 'uuid:a', key: 0, values: new Map() });
  expect(headers[0]).toEqual(['HOST', '[fd77::2]:80']);
});

test('UDA 1.1, 4.3.2: SEQ wraps from 4294967295 to 1', () => {
  expect([0, 1, 4_294_967_294, 4_294_967_295].map(nextEventKey)).toEqual([1, 2, 4_294_967_295, 1]);
});
