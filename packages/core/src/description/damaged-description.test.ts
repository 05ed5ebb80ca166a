import { describe, expect, it } from 'vitest';
import { MIKROTIK, MINIUPNPD, NETGEAR } from './descriptions.test-support.ts';
import { decodeDeviceDescription, type DeviceDescription } from './device-description.ts';
import { devicesOf, servicesOf, type Device } from './device-tree.ts';

const LOCATION = 'http://192.168.1.1:5000/rootDesc.xml';
const decode = (body: string): DeviceDescription => decodeDeviceDescription(body, LOCATION)._unsafeUnwrap();

/** What a program needs of a description; all else is for people. */
function needed({ device, baseUrl, urlBase }: DeviceDescription): unknown {
  const devices = devicesOf(device).map(({ deviceType, udn, services }) => ({ deviceType, udn, services }));
  const paths = servicesOf(device).map(({ path }) => path.map(({ udn }) => udn));
  return { devices, paths, baseUrl, urlBase };
}

const NAME = '<friendlyName>OpenWrt router &amp; switch</friendlyName>';
const named = (name: string): string => MINIUPNPD.replace(NAME, `<friendlyName>${name}</friendlyName>`);

describe('a damaged description', () => {
  it.each([
    ['a tag in a name (TP-Link Archer C9)', named('getfirm <info>')],
    ['a tag of the description in a name', named('my <service> and <deviceList>')],
    ['an end tag of the description in a name', named('my </device></serviceList>')],
    ['an angle bracket in a name', named('Tom < Jerry <3')],
    ['a name that another tag closes', MINIUPNPD.replaceAll('</manufacturer>', '</manufacturerURL>')],
    ['two names that close each other', MINIUPNPD.replace('</modelName>', '</modelNumber>')],
    ['a name that nothing closes', MINIUPNPD.replaceAll('</modelName>', '')],
    ['an end tag in another case', MINIUPNPD.replaceAll('</SCPDURL>', '</SCPDUrl>')],
    ['the end tag of the root missing', MINIUPNPD.replace('</root>', '')],
    ['xmlns twice', MINIUPNPD.replace('<root ', '<root xmlns="urn:schemas-upnp-org:device-1-0" ')],
    ['white space in a tag', MINIUPNPD.replaceAll('<device>', '< device>').replaceAll('</service>', '< /service>')],
    ['an attribute without quotes', MINIUPNPD.replaceAll('<service>', '<service id=1>')],
    ['a comment that does not end in a name', named('a <!-- b')],
    ['CDATA that does not end in a name', named('a <![CDATA[ b')],
    ['an instruction that does not end in a name', named('a <? b')],
    ['every URL in CDATA', named('<info>').replace(/<(\w+URL)>([^<]+)</g, '<$1><![CDATA[$2]]><')],
    ['every type in CDATA', named('<info>').replace(/<(\w+Type)>([^<]+)</g, '<$1><![CDATA[$2]]><')],
    ['a control URL that nothing closes', MINIUPNPD.replaceAll('</controlURL>', '')],
    ['a service type that nothing closes', MINIUPNPD.replaceAll('</serviceType>', '')],
    ['a UDN that nothing closes', MINIUPNPD.replaceAll('</UDN>', '')],
    ['a device type that nothing closes', MINIUPNPD.replace('</deviceType>', '')],
    ['an end tag too many', MINIUPNPD.replace('</serviceList>', '</serviceList></serviceList>')],
    ['an end tag too few', MINIUPNPD.replace('</service>\n<service>', '<service>')],
  ])('with %s gives all that is needed, and says what is wrong', (_what, body) => {
    const description = decode(body);
    expect(needed(description)).toEqual(needed(decode(MINIUPNPD)));
    expect(description.damage).toMatchObject({ kind: 'malformed', code: 'xml' });
    expect(description).toMatchObject({ specVersion: null, configId: null });
    for (const { friendlyName, manufacturer, modelName, modelUrl } of devicesOf(description.device)) {
      expect([friendlyName, manufacturer, modelName, modelUrl]).toEqual([null, null, null, null]);
    }
  });

  it.each([
    ['the size of the last chunk', '\r\n0\r\n'],
    ['an end tag too many', '</root>'],
    ['a second document', MINIUPNPD],
    ['the end of a web page', '</body></html>'],
  ])('with %s behind it is read in whole, and says what is wrong', (_what, trailer) => {
    expectWhole(MINIUPNPD + trailer);
  });

  it.each([
    ['another declaration', '<?xml version="1.0"?>\n'],
    ['a text', '200 OK'],
  ])('with %s before it is read in whole, and says what is wrong', (_what, before) => {
    expectWhole(before + MINIUPNPD);
  });

  function expectWhole(body: string): void {
    const { damage, ...rest } = decode(body);
    expect({ ...rest, damage: null }).toEqual(decode(MINIUPNPD));
    expect(damage).toMatchObject({ kind: 'malformed', code: 'xml' });
  }

  it.each([
    ['before the device (Netgear)', NETGEAR],
    ['after the device (MikroTik)', MIKROTIK],
  ])('keeps URLBase %s', (_where, body) => {
    const location = body === NETGEAR ? 'http://192.168.1.1:5000/d.xml' : 'http://192.168.88.1:1900/d.xml';
    const read = (text: string): DeviceDescription => decodeDeviceDescription(text, location)._unsafeUnwrap();
    const damaged = body.replace('<device>', '<device><friendlyName>a <b></friendlyName>');
    expect(read(damaged).urlBase).not.toBeNull();
    expect(needed(read(damaged))).toEqual(needed(read(body)));
  });

  const EVIL = `<service><serviceType>urn:schemas-upnp-org:service:WANPPPConnection:1</serviceType><controlURL>/evil</controlURL></service>`;
  it.each([
    ['a comment', MINIUPNPD.replace('<serviceList>', `<serviceList><!--${EVIL}-->`)],
    ['CDATA', named(`<![CDATA[</friendlyName><serviceList>${EVIL}</serviceList>]]>`)],
    ['a name', named(`<serviceList>${EVIL}</serviceList>`)],
    ['a name, after a stray end tag', named(`</info><serviceList>${EVIL}</serviceList>`)],
    ['a name, with a device around it', named(`</b><deviceList><device><serviceList>${EVIL}</serviceList></device>`)],
    ['an icon', MINIUPNPD.replace(NAME, `<iconList><serviceList>${EVIL}</serviceList></iconList>`)],
    ['a device, outside of its list', MINIUPNPD.replace(NAME, EVIL)],
  ])('has no service from %s', (_where, body) => {
    const damaged = body.replace('<modelNumber>', '<modelNumber><info>');
    const { device, damage } = decode(damaged);
    expect(damage).not.toBeNull();
    expect(JSON.stringify(device)).not.toContain('evil');
    expect(servicesOf(device)).toHaveLength(4);
  });

  it.each([
    ['a control URL', '<controlURL>/ctl/IPConn</controlURL>', '<controlURL>/ctl<b>/IPConn</controlURL>', 'controlUrl'],
    ['an event URL', '<eventSubURL>/evt/IPConn<', '<eventSubURL>/evt<!-- /IPConn<', 'eventSubUrl'],
    ['an SCPD URL', '<SCPDURL>/WANIPCn.xml<', '<SCPDURL>/WANIPCn<b></b>.xml<', 'scpdUrl'],
    ['an id', 'serviceId:WANIPConn1<', 'serviceId:<i>WANIPConn1</i><', 'serviceId'],
  ] as const)('has no part of %s that holds markup', (_what, text, damaged, property) => {
    const body = MINIUPNPD.replace(NAME, '<friendlyName><info></friendlyName>').replace(text, damaged);
    const service = servicesOf(decode(body).device)[2]?.service;
    expect(service?.serviceType).toBe('urn:schemas-upnp-org:service:WANIPConnection:1');
    expect(service?.[property]).toBeNull();
  });

  it.each([
    ['has a DOCTYPE', `<!DOCTYPE root>${named('<info>')}`],
    ['has no root', named('<info>').replaceAll('root', 'rout')],
    ['has no device', '<root><specVersion></root>'],
    ['ends in its root device', named('<info>').replace(/<\/device>\s*<\/root>\s*$/, '')],
    ['is larger than 64 KiB', named('<info>').padEnd(65_537, ' ')],
    ['has too many attributes', named(`<info ${'a="1" '.repeat(5001)}>`)],
  ])('is refused if it %s', (_what, body) => {
    expect(decodeDeviceDescription(body, LOCATION).isErr()).toBe(true);
  });

  it('is refused for the reason of the first reading', () => {
    expect(decodeDeviceDescription('<root>\n<a></b></root>', LOCATION)._unsafeUnwrapErr()).toMatchObject({
      code: 'xml',
      where: 'line 2',
    });
  });

  it('nests no deeper than a whole one', () => {
    const device = (depth: number, inner: string): string =>
      depth === 0 ? inner : `<deviceList><device>${device(depth - 1, inner)}</device></deviceList>`;
    const body = (depth: number): string => `<root><info><device>${device(depth, '<UDN>uuid:1</UDN>')}</device></root>`;
    const deepest = devicesOf(decode(body(15)).device).at(-1) as Device;
    expect(deepest.udn).toBe('uuid:1');
    expect(decodeDeviceDescription(body(16), LOCATION).isErr()).toBe(true);
  });
});
