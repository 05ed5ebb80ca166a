import type { HttpResponse } from '@portwright/core';
import type { ServiceInstance } from '../gateway/model.ts';
import { eventedValues } from '../events/evented-values.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { xmlReply } from './http-reply.ts';
import { type SoapCall, writeSoapResponse } from './soap-envelope.ts';

/** UDA 1.0, 3.3: QueryStateVariable is no action of a service, but a call in the name of control itself. */
const CONTROL = 'urn:schemas-upnp-org:control-1-0';
export const QUERY = 'QueryStateVariable';

export function isStateQuery({ namespace, action }: SoapCall): boolean {
  return namespace === CONTROL && action === QUERY;
}

/** The value of a variable that has events; null: it has none of that name, or none for queries (404, Invalid Var). */
export function answerStateQuery(
  gateway: Gateway,
  services: readonly ServiceInstance[],
  { args }: SoapCall,
): HttpResponse | null {
  const wanted = args.find(({ name }) => name === 'varName')?.text.trim() ?? '';
  const { stateQueries } = gateway.config;
  if (typeof stateQueries === 'object' && !stateQueries.includes(wanted)) return null;
  const values = services.map((service) => eventedValues(gateway, service).get(wanted));
  const text = values.find((value) => value !== undefined);
  if (text === undefined) return null;
  const { server, answers } = gateway.config;
  const value = { name: 'return', type: 'string', text };
  return xmlReply(server, 200, writeSoapResponse(answers, CONTROL, QUERY, [value]), [['EXT', '']]);
}
