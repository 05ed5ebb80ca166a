import { err, type Result } from '../result.ts';
import { checkArguments, GATEWAY, OPTIONS } from '../arguments.ts';
import { classifyAddress, type AddressClass } from '../addresses/address-class.ts';
import type { Gateway } from './gateway.ts';
import type { ActionOutput } from '../igd/declaration.ts';
import type { WanIpConnection } from '../igd/wan-ip-connection.ts';
import type { CallError } from '../errors.ts';
import type { CallOptions } from '../call-options.ts';

/** Whether a gateway is on the Internet, as far as it says so. */
export interface ConnectionState {
  /** ConnectionStatus as the gateway spells it; null where it gave none. */
  readonly status: string | null;
  readonly connected: boolean;
  /** Seconds; null where it gave none, or a text. */
  readonly uptimeSeconds: number | null;
  readonly lastError: string | null;
  /** Null where it gave none that is an address, 0.0.0.0 among them. */
  readonly externalAddress: string | null;
  /** What kind of address that is: `private` and `shared` mean another NAT behind this one. */
  readonly externalAddressClass: AddressClass;
  /** What the gateway answered instead, where it did. */
  readonly errors: readonly CallError[];
}

/**
 * Asks a gateway for its status and its external address. It never fails as a whole: routers exist that answer one of
 * the two with a fault and still map ports. Arguments that are none are told in `errors`, too.
 */
export async function connectionState(gateway: Gateway, options: CallOptions = {}): Promise<ConnectionState> {
  const checked = checkArguments(['gateway', gateway, GATEWAY], ['options', options, OPTIONS]);
  if (checked.isErr()) return { ...stateFrom(err(checked.error), err(checked.error)), errors: [checked.error] };
  const info = await gateway.connection.call('GetStatusInfo', {}, options);
  const address = await gateway.connection.call('GetExternalIPAddress', {}, options);
  return stateFrom(info, address);
}

type Answer<Action extends 'GetStatusInfo' | 'GetExternalIPAddress'> = Result<
  ActionOutput<WanIpConnection, Action>,
  CallError
>;

function stateFrom(info: Answer<'GetStatusInfo'>, address: Answer<'GetExternalIPAddress'>): ConnectionState {
  const text = address.map(({ NewExternalIPAddress }) => NewExternalIPAddress).unwrapOr('');
  const said = info.unwrapOr(null);
  const status = said?.NewConnectionStatus ?? null;
  return {
    status,
    // "Up" is a TP-Link's word for it (miniupnp#634).
    connected: /^(connected|up)$/i.test(status ?? ''),
    uptimeSeconds: said?.NewUptime ?? null,
    lastError: said?.NewLastConnectionError ?? null,
    externalAddress: knownAddress(text),
    externalAddressClass: classifyAddress(text),
    errors: [info, address].flatMap((result) => (result.isErr() ? [result.error] : [])),
  };
}

/** An external address as a gateway gives it; null for what is none, and for 0.0.0.0, which stands for none. */
export function knownAddress(text: string): string | null {
  return /^(invalid|unspecified)$/.test(classifyAddress(text)) ? null : text;
}

/** How good a gateway is: 0 connected with a public address, 1 connected, 2 anything else that answers, 3 nothing does. */
export function rankOf(state: ConnectionState): 0 | 1 | 2 | 3 {
  if (state.errors.filter(({ kind }) => kind === 'transport').length === 2) return 3;
  if (!state.connected) return 2;
  return state.externalAddressClass === 'public' ? 0 : 1;
}

/** Error codes of a request to a port on which no server listens. */
const NOBODY: readonly string[] = ['refused', 'unreachable', 'not-permitted', 'no-address', 'failed', 'aborted'];

/**
 * Whether a server listens at the control URL of a gateway with rank 3. Some routers answer both requests for the state with a
 * bare 500, or not at all, and map ports.
 */
export function isListening({ errors }: ConnectionState): boolean {
  return errors.some(({ code }) => !NOBODY.includes(String(code)));
}
