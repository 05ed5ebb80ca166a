/** Control: UDA 1.0, chapter 3, asked of the connection service. */
import type { Requirement } from './requirement.ts';

export const SOAP_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'soap/response-name-ns',
    sentence: 'A success is the action’s own response element, in the namespace of the service type.',
    clause: 'UDA 1.0, 3.2.2',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/fault-http-500',
    sentence: 'A fault comes with HTTP status 500.',
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
    sentence: 'An action that the service does not have is answered with 401.',
    clause: 'UDA 1.0, 3.2.2: "401 Invalid Action: No action by that name at this service"',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/fault-402-missing-arg',
    sentence: 'A call without an argument that the action has is answered with 402.',
    clause: 'UDA 1.0, 3.2.2: "402 Invalid Args: ... not enough in args"',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/fault-402-bad-type',
    sentence: 'An index of "abc" is answered with 402.',
    clause: 'UDA 1.0, 3.2.2: "402 Invalid Args: ... one or more in args are of the wrong data type"',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/any-prefix',
    sentence: 'A call is understood whatever its namespace prefixes are.',
    clause: 'UDA 1.0, 3.2.1; Namespaces in XML, 4',
    level: 'must',
    kind: 'read',
  },
  {
    id: 'soap/wrong-urn',
    sentence: 'A call in the name of a version that the service does not have is answered with 401.',
    clause: 'UDA 1.0, 3.2.2',
    level: 'should',
    kind: 'read',
  },
  {
    id: 'soap/no-soapaction',
    sentence: 'A call without SOAPACTION is answered with a 4xx status or with a fault.',
    clause: 'UDA 1.0, 3.2.1; SOAP 1.1, 6.1.1',
    level: 'may',
    kind: 'read',
  },
  {
    id: 'soap/expect-100',
    sentence: 'A call with "Expect: 100-continue" is carried out.',
    clause: 'RFC 9110, 10.1.1',
    level: 'may',
    kind: 'read',
  },
  {
    id: 'soap/parallel',
    sentence: 'Four reads at the same time are all answered.',
    clause: 'This suite’s own: a household has more than one control point',
    level: 'own',
    kind: 'read',
  },
  {
    id: 'soap/query-unknown-var',
    sentence: 'QueryStateVariable for a variable that there isn’t is answered with 404.',
    clause: 'UDA 1.0, 3.3.2; deprecated by UDA 1.1',
    level: 'may',
    kind: 'read',
  },
];
