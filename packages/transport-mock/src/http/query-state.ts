import type { HttpResponse } from '@portwright/core';
import type { ServiceInstance } from '../gateway/model.ts';
import { eventedValues } from '../events/evented-values.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { xmlReply } from './http-reply.ts';
import { type SoapCall, writeSoapResponse } from './soap-envelope.ts';

/** UDA 1.0, 3.3: QueryStateVariable is no action of a service, but a call in the name of control itself. */
const CONTROL = 'urn:schemas-upnp-org:control-1-0';
const QUERY = 'QueryStateVariable';

export function isStateQuery({ namespace, action }: SoapCall): boolean {
  return namespace === CONTROL && action === QUERY;
}

/** The value of a variable that tells its changes, too; null: there is none of that name (404, Invalid Var). */
export function answerStateQuery(
  gateway: Gateway,
  services: readonly ServiceInstance[],
  { args }: SoapCall,
): HttpResponse | null {
  const wanted = args.find(({ name }) => name === 'varName')?.text.trim() ?? '';
  const values = services.map((service) => eventedValues(gateway, service).get(wanted));
  const text = values.find((value) => value !== undefined);
  if (text === undefined) return null;
  const { server, answers } = gateway.config;
  const value = { name: 'return', type: 'string', text };
  return xmlReply(server, 200, writeSoapResponse(answers, CONTROL, QUERY, [value]), [['EXT', '']]);
}
