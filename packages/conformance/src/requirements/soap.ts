/** Control: UDA 1.0, chapter 3, asked of the connection service. */
import type { Requirement } from './requirement.ts';

export const SOAP_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'soap/response-name-ns',
    sentence: 'A success response contains the response element of the action, in the namespace of the service type.',
    clause: 'UDA 1.0, 3.2.2',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/fault-http-500',
    sentence: 'A fault has HTTP status 500.',
    clause: 'UDA 1.0, 3.2.2; SOAP 1.1, 6.2',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/fault-shape',
    sentence: 'A fault is Fault/detail/UPnPError/errorCode, with faultcode Client and faultstring UPnPError.',
    clause: 'UDA 1.0, 3.2.2',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/fault-401-invalid-action',
    sentence: 'The gateway answers an unknown action with 401.',
    clause: 'UDA 1.0, 3.2.2: "401 Invalid Action: No action by that name at this service"',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/fault-402-missing-arg',
    sentence: 'The gateway answers a call with a missing argument with 402.',
    clause: 'UDA 1.0, 3.2.2: "402 Invalid Args: ... not enough in args"',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/fault-402-bad-type',
    sentence: 'The gateway answers an index of "abc" with 402.',
    clause: 'UDA 1.0, 3.2.2: "402 Invalid Args: ... one or more in args are of the wrong data type"',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/any-prefix',
    sentence: 'The gateway understands a call with any namespace prefixes.',
    clause: 'UDA 1.0, 3.2.1; Namespaces in XML, 4',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/wrong-urn',
    sentence: 'The gateway answers a call to another version of the service with 401.',
    clause: 'UDA 1.0, 3.2.2',
    level: 'should',
    kind: 'read',
  },
  {
    id: 'soap/no-soapaction',
    sentence: 'The gateway answers a call without SOAPACTION with a 4xx status or a fault.',
    clause: 'UDA 1.0, 3.2.1; SOAP 1.1, 6.1.1',
    level: 'may',
    kind: 'read',
  },
  {
    id: 'soap/expect-100',
    sentence: 'The gateway executes a call with "Expect: 100-continue".',
    clause: 'RFC 9110, 10.1.1',
    level: 'may',
    kind: 'read',
  },
  {
    id: 'soap/parallel',
    sentence: 'The gateway answers four reads at the same time.',
    clause: 'A rule of this suite: a household has more than one control point',
    level: 'own',
    kind: 'read',
  },
  {
    id: 'soap/query-unknown-var',
    sentence: 'The gateway answers QueryStateVariable for an unknown variable with 404.',
    clause: 'UDA 1.0, 3.3.2; deprecated by UDA 1.1',
    level: 'may',
    kind: 'read',
  },
];
