import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WANIPCN } from './descriptions.test-support.ts';
import { decodeServiceDescription, type StateVariable } from './service-description.ts';

const stateVariable = (xml: string): StateVariable | undefined =>
  decodeServiceDescription(`<scpd><serviceStateTable>${xml}</serviceStateTable></scpd>`)._unsafeUnwrap()
    .stateVariables[0];

describe('decodeServiceDescription', () => {
  it('reads actions, arguments and state variables', () => {
    expect(decodeServiceDescription(WANIPCN)._unsafeUnwrap()).toEqual({
      specVersion: { major: 1, minor: 0 },
      actions: [
        {
          name: 'GetExternalIPAddress',
          arguments: [{ name: 'NewExternalIPAddress', direction: 'out', relatedStateVariable: 'ExternalIPAddress' }],
        },
        {
          name: 'SetConnectionType',
          arguments: [{ name: 'NewConnectionType', direction: 'in', relatedStateVariable: 'ConnectionType' }],
        },
        { name: 'ForceTermination', arguments: [] },
      ],
      stateVariables: [
        {
          name: 'ExternalIPAddress',
          dataType: 'string',
          sendEvents: true,
          defaultValue: null,
          allowedValues: [],
          allowedRange: null,
        },
        {
          name: 'ConnectionType',
          dataType: 'string',
          sendEvents: false,
          defaultValue: 'Unconfigured',
          allowedValues: ['Unconfigured', 'IP_Routed'],
          allowedRange: null,
        },
        {
          name: 'PortMappingLeaseDuration',
          dataType: 'ui4',
          sendEvents: false,
          defaultValue: null,
          allowedValues: [],
          allowedRange: { minimum: '0', maximum: '604800', step: '1' },
        },
      ],
    });
  });

  it.each([
    ['<stateVariable sendEvents="yes"><name>A</name></stateVariable>', true],
    ['<stateVariable sendEvents="no"><name>A</name></stateVariable>', false],
    ['<stateVariable sendEvents="NO"><name>A</name></stateVariable>', false],
    ['<stateVariable><name>A</name></stateVariable>', true],
    ['<stateVariable><name>A</name><sendEventsAttribute>no</sendEventsAttribute></stateVariable>', false],
  ])('sendEvents of %s', (xml, sendEvents) => {
    expect(stateVariable(xml)?.sendEvents).toBe(sendEvents);
  });

  it('reads a range without a step, and an empty default', () => {
    const xml =
      '<stateVariable><name>A</name><defaultValue/><allowedValueRange><minimum>1</minimum></allowedValueRange></stateVariable>';
    expect(stateVariable(xml)).toMatchObject({
      defaultValue: '',
      allowedRange: { minimum: '1', maximum: null, step: null },
    });
  });

  it('leaves out what has no name, and a direction that it does not know', () => {
    const xml = `<scpd><actionList><action/><action><name>A</name><argumentList><argument/>
      <argument><name>B</name><direction>IN</direction></argument><argument><name>C</name><direction>both</direction></argument>
      </argumentList></action></actionList></scpd>`;
    expect(decodeServiceDescription(xml)._unsafeUnwrap()).toEqual({
      specVersion: null,
      actions: [
        {
          name: 'A',
          arguments: [
            { name: 'B', direction: 'in', relatedStateVariable: null },
            { name: 'C', direction: null, relatedStateVariable: null },
          ],
        },
      ],
      stateVariables: [],
    });
  });

  it.each([
    [
      'a web page',
      '<html><body>404</body></html>',
      { code: 'description', expected: '<scpd>', where: 'the root element' },
    ],
    ['a device description', '<root><device/></root>', { code: 'description', expected: '<scpd>', excerpt: '<root>' }],
    [
      'an empty document',
      '',
      { code: 'empty', expected: '<scpd>', excerpt: '', hint: expect.stringContaining('URL') as string },
    ],
    ['white space', ' \n', { code: 'xml' }],
    ['no XML', '404 Not Found', { code: 'xml' }],
  ])('refuses %s', (_name, body, expected) => {
    expect(decodeServiceDescription(body)._unsafeUnwrapErr()).toMatchObject({ kind: 'malformed', ...expected });
  });

  it('refuses every prefix', () => {
    const whole = WANIPCN.trimEnd();
    for (let length = 0; length < whole.length; length += 1) {
      expect(decodeServiceDescription(whole.slice(0, length)).isErr(), `${length}`).toBe(true);
    }
  });

  it('refuses any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeServiceDescription(bytes).isErr()).toBe(true);
      }),
    );
  });
});
