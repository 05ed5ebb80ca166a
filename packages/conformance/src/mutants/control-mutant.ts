/** Gateways with one defect in PCP or NAT-PMP: what they answer is changed. */
import type { FaultHooks, GatewayOptions } from '@portwright/transport-mock';
import { hex, numberAt } from '../wire/fields.ts';
import type { Mutant } from './mutant.ts';

type Hooks = NonNullable<Mutant['hooks']>;
type Answers = Parameters<NonNullable<FaultHooks['portControl']>>[0];
export type ControlProtocol = 'pcp' | 'nat-pmp';

/** Another answer than the gateway's own. */
export type Rewrite = (answer: Uint8Array, request: Uint8Array) => Uint8Array;

/** Without UPnP, which has nothing to do with it. */
export function controlMutant(what: string, hooks?: Hooks, options: GatewayOptions = {}): Mutant {
  return { what, options: { protocols: ['pcp', 'nat-pmp'], ...options }, ...(hooks === undefined ? {} : { hooks }) };
}

/** Rewrites the responses of one protocol. @param start - is called once for each gateway, so that a rewrite can have state */
export function rewritesAnswers(protocol: ControlProtocol, start: () => Rewrite): Hooks {
  return () => {
    const rewrite = start();
    return {
      portControl: (answers, request) =>
        request.protocol === protocol
          ? answers.map((answer) => ({ ...answer, payload: rewrite(answer.payload, request.payload) }))
          : answers,
    };
  };
}

/** Responds to datagrams that a server has to ignore. */
export function answersAnyway(protocol: ControlProtocol, isMeant: (request: Uint8Array) => boolean): Hooks {
  return ({ config }) => ({
    portControl: (answers, { protocol: asked, payload }) =>
      asked === protocol && isMeant(payload)
        ? [{ payload: new Uint8Array(24), from: { address: config().lanAddress, port: 5351 }, delayMs: 0 }]
        : answers,
  });
}

/** Continues the epoch time across restarts. @param at - its offset */
export function epochGoesOn(protocol: ControlProtocol, at: number): Hooks {
  return rewritesAnswers(protocol, () => {
    let latest = 0;
    let former = 0;
    return (answer) => {
      const own = numberAt(answer, at, 4);
      if (own < latest) former += latest;
      latest = own;
      return withNumber(answer, at, former + own, 4);
    };
  });
}

/** Answers from another port than the one that was asked. */
export function answersFromPort(protocol: ControlProtocol, port: number): Hooks {
  return () => ({
    portControl: (answers: Answers, request) =>
      request.protocol === protocol
        ? answers.map((answer) => ({ ...answer, from: { ...answer.from, port } }))
        : answers,
  });
}

/** A copy with another number at an offset. */
export function withNumber(bytes: Uint8Array, at: number, value: number, width: 1 | 2 | 4 = 1): Uint8Array {
  const changed = bytes.slice();
  for (let index = 0; index < width; index += 1) changed[at + index] = Math.floor(value / 256 ** (width - 1 - index));
  return changed;
}

/** Another number at an offset of the answers to some requests. */
export function changesNumber(
  protocol: ControlProtocol,
  at: number,
  value: number | ((own: number) => number),
  isMeant: (request: Uint8Array, answer: Uint8Array) => boolean,
  width: 1 | 2 | 4 = 1,
): Hooks {
  return rewritesAnswers(protocol, () => (answer, request) => {
    if (!isMeant(request, answer)) return answer;
    const changed = typeof value === 'number' ? value : value(numberAt(answer, at, width));
    return withNumber(answer, at, changed, width);
  });
}

/** Offsets in PCP messages (RFC 6887, 7.2 and 11.1). */
export const RESULT = 3;
export const LIFETIME = 4;
export const EPOCH = 8;
export const EXTERNAL_PORT = 42;

/** What a PCP request is. */
export interface RequestView {
  readonly isMap: boolean;
  /** Over IPv6: a pinhole. */
  readonly isIPv6: boolean;
  readonly isDeletion: boolean;
  readonly protocol: number;
  readonly nonce: string;
  readonly internalPort: number;
  readonly externalPort: number;
  /** Of the first option; null: there is none. */
  readonly option: number | null;
  /** What mapping it is about. */
  readonly key: string;
}

export function viewOf(request: Uint8Array): RequestView {
  const protocol = numberAt(request, 36, 1);
  const internalPort = numberAt(request, 40, 2);
  const isIPv6 = numberAt(request, 18, 2) !== 0xffff;
  return {
    isMap: numberAt(request, 1, 1) === 1 && request.length >= 60,
    isIPv6,
    isDeletion: numberAt(request, LIFETIME, 4) === 0,
    protocol,
    nonce: hex(request.slice(24, 36)),
    internalPort,
    externalPort: numberAt(request, EXTERNAL_PORT, 2),
    option: request.length > 60 ? numberAt(request, 60, 1) : null,
    key: `${protocol} ${internalPort} ${hex(request.slice(8, 24))}`,
  };
}

export function isAnnounce(request: Uint8Array): boolean {
  return request[0] === 2 && request[1] === 0 && request.length === 24;
}

/** A MAP that makes or renews an IPv4 mapping, without options. */
export function isPlainMap(request: Uint8Array): boolean {
  const { isMap, isIPv6, isDeletion, option } = viewOf(request);
  return isMap && !isIPv6 && !isDeletion && option === null;
}

export function isGranted(answer: Uint8Array): boolean {
  return numberAt(answer, RESULT, 1) === 0;
}

/** Lets no packet through the mappings of one protocol. */
export function closedBehind(protocol: ControlProtocol): Hooks {
  const at = protocol === 'pcp' ? EXTERNAL_PORT : 10;
  return () => {
    const ports = new Set<number>();
    return {
      portControl: (answers, request) => {
        if (request.protocol === protocol && viewOf(request.payload).option === null) {
          for (const { payload } of answers) ports.add(numberAt(payload, at, 2));
        }
        return answers;
      },
      inbound: (datagram, proceed) => (ports.has(datagram.to.port) ? { inside: null, answers: [] } : proceed()),
    };
  };
}

/** Answers requests of this protocol version that come from the WAN side. */
export function answersOutside(version: number): Hooks {
  return () => ({
    inbound: (datagram, proceed) =>
      datagram.to.port === 5_351 && datagram.payload[0] === version
        ? { inside: null, answers: [new Uint8Array(24)] }
        : proceed(),
  });
}
