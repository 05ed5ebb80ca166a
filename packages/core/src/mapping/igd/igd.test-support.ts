/** A simulated router, and answers that a test chooses, for the tests of mapping on an IGD. */
import {
  simulateGateway,
  type FaultDefinition,
  type SimulatedGateway,
  type SimulateGatewayOptions,
} from '@portwright/transport-mock';
import { gatewayAt } from '../../client/gateway-at.ts';
import type { Gateway } from '../../client/gateway.ts';
import type { PortMapping } from '../../port-mapping.ts';
import type { CallError } from '../../errors.ts';
import type { TransportErrorCode } from '../../errors.ts';
import { err, errAsync } from '../../result.ts';

/** This host's mapping, as the simulated router sees this host. */
export const OURS: PortMapping = {
  externalPort: 7777,
  protocol: 'UDP',
  remoteHost: '',
  internalClient: '192.168.1.2',
  internalPort: 7777,
  enabled: true,
  description: 'a game',
  leaseSeconds: 3600,
};

export async function connected(options: SimulateGatewayOptions = {}): Promise<readonly [SimulatedGateway, Gateway]> {
  const router = simulateGateway({ igdVersion: 1, maxSearchDelayMs: 0, recordedExchanges: 10_000, ...options });
  const { gateway } = (await gatewayAt(router.transport, router.descriptionUrl))._unsafeUnwrap();
  return [router, gateway];
}

/** Puts a mapping into the router's table: by default this host's own. */
export function put(router: SimulatedGateway, changes: Partial<PortMapping> = {}): void {
  const { externalPort, protocol, remoteHost, internalClient, internalPort, enabled, description } = {
    ...OURS,
    ...changes,
  };
  router.machine.gateway.connection.mappings.put({
    externalPort,
    protocol,
    remoteHost,
    internalClient,
    internalPort,
    isEnabled: enabled === true,
    description: description ?? '',
    expiresAt: Infinity,
  });
}

/** Actions that the router was asked for, in order, those about the connection's state left out. */
export function actions(router: SimulatedGateway): readonly string[] {
  return router.exchanges().flatMap((one) => {
    const header = one.kind === 'http' ? one.request.headers.find(([name]) => name === 'SOAPAction')?.[1] : undefined;
    const action = /#(\w+)/.exec(header ?? '')?.[1] ?? '';
    return action === '' || action === 'GetStatusInfo' || action === 'GetExternalIPAddress' ? [] : [action];
  });
}

/** How often one action was asked for. */
export function count(router: SimulatedGateway, action: string): number {
  return actions(router).filter((one) => one === action).length;
}

export function fault(code: number | null): CallError {
  return { kind: 'upnp-fault', service: '', action: '', code, name: '', description: '', message: `${code}` };
}

export function transport(code: TransportErrorCode, status?: number): CallError {
  return { kind: 'transport', code, message: code, status };
}

export const EMPTY: CallError = {
  kind: 'malformed',
  code: 'empty',
  message: 'an empty answer',
  expected: '',
  where: '',
  excerpt: '',
};

/** One request of a gateway's connection service. */
export interface Asked {
  readonly action: string;
  /** Of this action, from 1. */
  readonly nth: number;
  /** Its arguments, such as `NewProtocol`. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * The gateway, with an error in place of some answers. The router does not see these requests.
 *
 * @param answer - undefined: the router answers
 */
export function answering(
  gateway: Gateway,
  answer: (asked: Asked) => CallError | undefined,
): { readonly gateway: Gateway; readonly asked: readonly Asked[] } {
  const asked: Asked[] = [];
  const call: Gateway['connection']['call'] = (action, input, options) => {
    const nth = asked.filter((one) => one.action === action).length + 1;
    const one: Asked = { action, nth, input };
    asked.push(one);
    const error = answer(one);
    return error === undefined ? gateway.connection.call(action, input, options) : errAsync(error);
  };
  return { gateway: { ...gateway, connection: { ...gateway.connection, call } }, asked };
}

/** A fault as the router's own answer to an action: nothing is carried out. */
export function refuses(router: SimulatedGateway, action: string, code: number, nth?: number): void {
  inject(router, action, () => err({ code, description: '' }), nth);
}

type ActionHook = NonNullable<ReturnType<FaultDefinition['hooks']>['action']>;

/** What the router does when it is asked for an action. */
export function inject(router: SimulatedGateway, action: string, hook: ActionHook, nth?: number): void {
  router.inject(
    { name: 'by-test', row: 41, what: '', remedy: '', on: [action], hooks: () => ({ action: hook }) },
    nth === undefined ? {} : { nth },
  );
}
