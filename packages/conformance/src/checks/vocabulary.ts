/** The words that the specifications allow, and the forms of values. */
import { ok, type Result } from '@portwright/core/result';
import { inconclusive, type Shortfall } from '../shortfall.ts';
import type { SoapAnswer } from '../wire/soap-answer.ts';

/** Types of a connection: WANIPConnection:2, table 2-3; WANPPPConnection:1, ConnectionType. */
export const CONNECTION_TYPES: Readonly<Record<string, readonly string[]>> = {
  WANIPConnection: ['Unconfigured', 'IP_Routed', 'IP_Bridged'],
  WANPPPConnection: [
    'Unconfigured',
    'IP_Routed',
    'DHCP_Spoofed',
    'PPPoE_Bridged',
    'PPTP_Relay',
    'L2TP_Relay',
    'PPPoE_Relay',
  ],
};

/** States of a connection: WANIPConnection:2, table 2-4; WANPPPConnection:1 has Authenticating besides. */
export const CONNECTION_STATES: Readonly<Record<string, readonly string[]>> = {
  WANIPConnection: ['Unconfigured', 'Connecting', 'Connected', 'PendingDisconnect', 'Disconnecting', 'Disconnected'],
  WANPPPConnection: [
    'Unconfigured',
    'Connecting',
    'Authenticating',
    'Connected',
    'PendingDisconnect',
    'Disconnecting',
    'Disconnected',
  ],
};

/** Whether a value is one of the standard's, or a vendor's: `X_` and something (UDA 1.0, 2.5). */
export function isWord(value: string, words: readonly string[] | undefined): boolean {
  return (words ?? []).includes(value) || /^X_\S+$/.test(value);
}

/** UDA 1.0, 2.3: 0 or 1; `true` and `yes` and their opposites are deprecated, and still booleans. */
export function isBoolean(value: string | undefined): boolean {
  return /^(?:[01]|true|false|yes|no)$/.test(value ?? '');
}

export function isTrue(value: string | undefined): boolean {
  return /^(?:1|true|yes)$/.test(value?.trim() ?? '');
}

/** A ui4. */
export function isUi4(value: string | undefined): boolean {
  return /^\d{1,10}$/.test(value ?? '') && Number(value) <= 0xffff_ffff;
}

/** A ui2. */
export function isUi2(value: string | undefined): boolean {
  return /^\d{1,5}$/.test(value ?? '') && Number(value) <= 0xffff;
}

/** Four decimal numbers of 0 to 255, and not 0.0.0.0, which is nobody's (RFC 1122, 3.2.1.3). */
export function isAddress(value: string): boolean {
  const parts = value.split('.');
  const areNumbers = parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return parts.length === 4 && areNumbers && value !== '0.0.0.0';
}

/** Says nothing of an answer by which the gateway's owner, or its policy, lets this host do nothing of the kind. */
export function isPermitted({ code, summary }: SoapAnswer): Result<void, Shortfall> {
  return code === 606 ? inconclusive('a gateway that allows this host to change mappings', summary) : ok(undefined);
}
