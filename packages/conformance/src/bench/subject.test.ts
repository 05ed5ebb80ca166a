import { decodeDeviceDescription } from '@portwright/core';
import { expect, test } from 'vitest';
import { subjectAt } from './subject.ts';

const LOCATION = 'http://192.168.1.1:5000/description.xml';

function featuresOf(specVersion: string): readonly string[] {
  const text =
    `<root xmlns="urn:schemas-upnp-org:device-1-0">${specVersion}<device>` +
    '<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType></device></root>';
  const description = decodeDeviceDescription(new TextEncoder().encode(text), LOCATION)._unsafeUnwrap();
  return [...subjectAt(LOCATION, description).features];
}

test.each([
  ['<specVersion><major>1</major><minor>0</minor></specVersion>', ['UDA:1.0']],
  ['<specVersion><major>1</major><minor>1</minor></specVersion>', ['UDA:1.1']],
  ['<specVersion><major>2</major><minor>0</minor></specVersion>', ['UDA:1.1', 'UDA:2.0']],
  ['', ['UDA:1.0']],
])('a description with %s has %j', (specVersion, architecture) => {
  expect(featuresOf(specVersion)).toEqual(['InternetGatewayDevice:1', ...architecture]);
});
