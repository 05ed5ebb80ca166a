import type { FaultDefinition } from './fault.ts';
import { answering, inLatin1, isXml, rewriting, rewritingXml, withBody } from './rewrite.ts';
import { concat } from './wire-format.ts';

const MATCH_LOCAL_NAMES = 'compares local names, and ignores prefixes and namespaces';
const CODE_UNKNOWN = 'still treats it as a fault, with an unknown code';
const FIND_THE_CODE = 'finds the code';
const VERIFY = 'verifies with GetSpecificPortMappingEntry';
/** Actions whose answer has nothing to say. */
const WORDLESS = ['AddPortMapping', 'DeletePortMapping'];

/** What is wrong with the documents that come as answers. */
export const SOAP_FAULTS: Readonly<Record<string, FaultDefinition>> = {
  'fault-with-http-200': {
    row: 24,
    what: 'a fault comes with status 200',
    remedy: 'still treats it as a fault',
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () =>
      rewriting((response) => (response.status === 500 && isXml(response) ? { ...response, status: 200 } : response)),
  },
  'fault-in-another-namespace': {
    row: 25,
    what: 'a fault’s UPnPError is in a vendor namespace',
    remedy: MATCH_LOCAL_NAMES,
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () =>
      rewritingXml((xml) => xml.replaceAll('urn:schemas-upnp-org:control-1-0', 'urn:vendor-com:control-1-0')),
  },
  'fault-in-no-namespace': {
    row: 25,
    what: 'a fault’s errorCode and errorDescription are in no namespace (NEC)',
    remedy: MATCH_LOCAL_NAMES,
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () => ({ options: { answers: { unqualifiesErrors: true } } }),
  },
  'fault-with-another-prefix': {
    row: 25,
    what: 'the envelope’s prefix is SOAP-ENV',
    remedy: MATCH_LOCAL_NAMES,
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () => ({ options: { answers: { envelopePrefix: 'SOAP-ENV' } } }),
  },
  'fault-code-in-camel-case': {
    row: 25,
    what: 'a fault has faultCode and faultString (MikroTik)',
    remedy: 'reads detail, and ignores the names of both',
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () => ({ options: { answers: { faultElements: ['faultCode', 'faultString'] } } }),
  },
  'fault-without-detail': {
    row: 26,
    what: 'a fault has no detail',
    remedy: CODE_UNKNOWN,
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () => rewritingXml((xml) => xml.replace(/<detail>.*?<\/detail>/s, '')),
  },
  'error-code-not-a-number': {
    row: 27,
    what: 'a fault’s errorCode is a word, not a number',
    remedy: CODE_UNKNOWN,
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () => rewritingXml((xml) => xml.replace(/(<errorCode[^>]*>)[^<]*/, '$1ERROR')),
  },
  'damaged-fault': {
    row: 56,
    what: 'a fault is not well-formed: its faultstring is closed by another tag',
    remedy: FIND_THE_CODE,
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () => rewritingXml((xml) => xml.replace('</faultstring>', '</faultcode>')),
  },
  'error-code-outside-detail': {
    row: 56,
    what: 'a fault’s errorCode is directly in the fault, and there is no detail',
    remedy: FIND_THE_CODE,
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () => rewritingXml((xml) => xml.replace(/<detail>.*?(<errorCode.*?<\/errorCode>).*?<\/detail>/s, '$1')),
  },
  'error-code-in-capitals': {
    row: 56,
    what: 'a fault has ErrorCode and ErrorDescription',
    remedy: FIND_THE_CODE,
    on: ['control'],
    testSetup: { router: { igdVersion: 1, leasePolicy: 'permanent-only' } },
    hooks: () => rewritingXml((xml) => xml.replace(/(<\/?)error(Code|Description)/g, '$1Error$2')),
  },
  'bytes-after-the-envelope': {
    row: 31,
    what: 'the size of the last chunk follows the envelope, and Content-Length includes it',
    remedy: 'ignores it',
    on: ['control'],
    hooks: () => rewritingXml((xml) => `${xml}\r\n0\r\n`),
  },
  'empty-answer': {
    row: 28,
    what: 'the gateway executes AddPortMapping and DeletePortMapping, and answers 200 without a body',
    remedy: VERIFY,
    on: WORDLESS,
    testSetup: { router: { igdVersion: 1 } },
    hooks: () => rewriting((response) => (response.status === 200 ? withBody(response, new Uint8Array()) : response)),
  },
  'empty-answer-without-effect': {
    row: 28,
    what: 'the gateway answers AddPortMapping and DeletePortMapping with 200 without a body, but does not execute them',
    remedy: VERIFY,
    on: WORDLESS,
    testSetup: { router: { igdVersion: 1 } },
    hooks: () =>
      answering(() => ({
        status: 200,
        headers: [
          ['CONTENT-LENGTH', '0'],
          ['CONNECTION', 'close'],
        ],
        body: new Uint8Array(),
      })),
  },
  'answer-for-another-action': {
    row: 29,
    what: 'a success response names another action',
    remedy: 'rejects it as malformed',
    on: ['control'],
    testSetup: { when: { on: 'AddAnyPortMapping' } },
    hooks: () =>
      rewritingXml((xml, { action }) => {
        const other = action === 'GetNATRSIPStatus' ? 'GetStatusInfo' : 'GetNATRSIPStatus';
        return xml.replaceAll(`:${action ?? ''}Response`, `:${other}Response`);
      }),
  },
  'data-types-on-arguments': {
    row: 30,
    what: 'output arguments have dt:dt attributes (Yamaha)',
    remedy: 'reads their text',
    on: ['control'],
    hooks: () => ({ options: { answers: { hasDataTypes: true } } }),
  },
  'byte-order-mark': {
    row: 31,
    what: 'documents begin with a byte-order mark',
    remedy: 'strips it',
    hooks: () => rewritingXml((xml) => `\uFEFF${xml}`),
  },
  'trailing-nul': {
    row: 31,
    what: 'documents end with a NUL byte, which Content-Length includes',
    remedy: 'strips it',
    hooks: () =>
      rewriting((response) =>
        isXml(response) ? withBody(response, concat(response.body, Uint8Array.of(0))) : response,
      ),
  },
  'latin-1-names': {
    row: 32,
    what: 'the friendly name has Latin-1 bytes in a document declared as UTF-8',
    remedy: 'decodes names tolerantly',
    on: ['description'],
    hooks: () =>
      rewriting((response) =>
        inLatin1(response, (xml) => xml.replace(/(<friendlyName\s*>)[^<]*/, '$1Routeur du café')),
      ),
  },
};
