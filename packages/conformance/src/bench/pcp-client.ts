import { err, ok, type Result, type ResultAsync } from '@portwright/core/result';
import { inconclusive, missed, type Shortfall } from '../shortfall.ts';
import { bytesOf, hex } from '../wire/fields.ts';
import {
  ANNOUNCE,
  MAP,
  type MapAnswer,
  type MapFields,
  type PcpAnswer,
  type PcpRequestFields,
  readMapAnswer,
  readPcpAnswer,
  resultInWords,
  writeMapFields,
  writePcpRequest,
} from '../wire/pcp-message.ts';
import { type ControlReply, exchange, silence } from './control-exchange.ts';
import { type ControlClientOptions, LEASE } from './port-control.ts';

/** A MAP request. */
export interface MapRequest extends MapFields {
  /** Seconds. */
  readonly lifetime: number;
  /** In the message: another than the one that it is sent from makes it invalid. */
  readonly client: string;
  /** As bytes. */
  readonly options: readonly Uint8Array[];
}

/** What a MAP request got. */
export interface Grant extends Pick<MapAnswer, 'externalPort' | 'externalAddress' | 'options'> {
  /** Seconds. */
  readonly lifetime: number;
  readonly request: MapRequest;
  /** The request's own. */
  readonly internalPort: number;
}

/** One client of a PCP server. Whatever it maps is deleted when the check is over. */
export interface PcpClient {
  /** This client's address. */
  readonly address: string;
  /** Sends bytes as they are. Misses where nothing comes back. */
  send(payload: Uint8Array): ResultAsync<ControlReply, Shortfall>;
  /** What comes back for bytes that are to be ignored; null: nothing. */
  listenAfter(payload: Uint8Array): ResultAsync<ControlReply | null, Shortfall>;
  /** Misses where no PCP message comes back. */
  ask(request: Omit<PcpRequestFields, 'client'> & { readonly client?: string }): ResultAsync<PcpAnswer, Shortfall>;
  /** A mapping to this client on a port of its own, the same inside and outside; but for the changes. */
  propose(changes?: Partial<MapRequest>): MapRequest;
  /** Asks for a mapping, and gives the answer as it is. */
  tryMap(request: MapRequest): ResultAsync<PcpAnswer, Shortfall>;
  /** Makes a mapping that a check builds on: without it, the check is inconclusive. */
  map(changes?: Partial<MapRequest>): ResultAsync<Grant, Shortfall>;
}

/** A mapping that may be there. */
interface Made {
  /** How often it was asked for. */
  requests: number;
  /** In milliseconds on the clock. */
  endsAt: number;
}

interface Remembered {
  /** It was granted. @param seconds - from now on */
  readonly lasts: (seconds: number) => void;
  /** It was refused. */
  readonly forget: () => void;
}

/** Numbers of IP protocols. */
export const TCP = 6;
export const UDP = 17;

export function pcpClient({ endpoint, ports, random, undoing, signal }: ControlClientOptions): PcpClient {
  const { client, family, transport } = endpoint;
  const { clock } = transport;
  const nonce = (): string => hex(Uint8Array.from({ length: 12 }, () => Math.floor(random.fraction() * 256)));
  const send: PcpClient['send'] = (payload) =>
    exchange(endpoint, payload, signal()).andThen((reply) =>
      reply === null ? missed(`an answer from ${endpoint.server}`, 'none') : ok(reply),
    );
  const askBytes = (payload: Uint8Array): ResultAsync<PcpAnswer, Shortfall> =>
    send(payload).andThen((reply) => {
      const answer = readPcpAnswer(reply.payload);
      return answer === null ? missed('an answer of at least 24 bytes', hex(reply.payload)) : ok(answer);
    });
  const propose: PcpClient['propose'] = (changes = {}) => {
    const port = changes.internalPort ?? ports.next();
    return {
      nonce: nonce(),
      protocol: UDP,
      internalPort: port,
      externalPort: port,
      externalAddress: family === 'ipv6' ? '::' : '0.0.0.0',
      lifetime: LEASE,
      client,
      options: [],
      ...changes,
    };
  };
  const tryMap: PcpClient['tryMap'] = (request) => {
    const remembered = request.lifetime === 0 ? null : remember(request);
    const body = bytesOf(writeMapFields(request), ...request.options);
    return askBytes(writePcpRequest({ opcode: MAP, lifetime: request.lifetime, client: request.client, body })).andTee(
      ({ result, lifetime }) => {
        if (result === 0) remembered?.lasts(lifetime);
        else remembered?.forget();
      },
    );
  };
  /** The mappings that may be there, by nonce, protocol and internal port. */
  const made = new Map<string, Made>();
  /** Remembered before it is asked for: the mapping may be there although the answer got lost. */
  const remember = (request: MapRequest): Remembered => {
    const key = [request.nonce, request.protocol, request.internalPort].join(' ');
    const mapping = made.get(key) ?? { requests: 0, endsAt: 0 };
    const lasts = (seconds: number): void => {
      mapping.endsAt = clock.now() + seconds * 1_000;
    };
    mapping.requests += 1;
    if (mapping.requests > 1) return { lasts, forget: () => undefined };
    made.set(key, mapping);
    lasts(request.lifetime);
    const what = `a PCP mapping of protocol ${request.protocol}, internal port ${request.internalPort} of ${client}`;
    const forget = undoing.add(
      what,
      () => isGone(request, mapping),
      () => mapping.endsAt,
    );
    return {
      lasts,
      forget: () => {
        forget();
        made.delete(key);
      },
    };
  };
  const isGone = async (request: MapRequest, mapping: Made): Promise<boolean> => {
    const deletion = { ...request, client, lifetime: 0, externalPort: 0, options: [] };
    let isDeleted = false;
    // miniupnpd makes a second mapping for a renewal that suggests another port, and each deletion deletes one.
    for (let times = 0; times < mapping.requests; times += 1) {
      const deleted = await tryMap(deletion);
      // RFC 6887, 15.1 has 0 for a mapping that is not there; miniupnpd has 8.
      isDeleted = deleted.isOk() && [0, 8].includes(deleted.value.result);
    }
    // Of another protocol than TCP and UDP miniupnpd deletes nothing, and answers 0: it ends with its lifetime.
    return (isDeleted && [TCP, UDP].includes(request.protocol)) || clock.now() >= mapping.endsAt;
  };
  return {
    address: client,
    send,
    listenAfter: (payload) => silence(endpoint, payload, writePcpRequest({ opcode: ANNOUNCE, client }), signal()),
    ask: (request) => askBytes(writePcpRequest({ client, ...request })),
    propose,
    tryMap,
    map: (changes) => {
      const request = propose(changes);
      return tryMap(request)
        .andThen((answer) => granted(request, answer))
        .mapErr((shortfall) => ({ ...shortfall, kind: 'inconclusive' }));
    },
  };
}

/** What a MAP request got; misses where it got nothing. */
export function granted(request: MapRequest, answer: PcpAnswer): Result<Grant, Shortfall> {
  const map = readMapAnswer(answer.body);
  if (answer.result !== 0) return missed(`a mapping of port ${request.internalPort}`, answer.summary);
  return map === null
    ? missed('36 bytes of MAP data in the answer', `${answer.body.length} bytes`)
    : ok({ ...map, internalPort: request.internalPort, lifetime: answer.lifetime, request });
}

/** Misses unless the answer has one of these results. */
export function expectResult(answer: PcpAnswer, ...codes: readonly number[]): Result<void, Shortfall> {
  return codes.includes(answer.result)
    ? ok(undefined)
    : err({ kind: 'missed', expected: `result ${codes.map(resultInWords).join(' or ')}`, actual: answer.summary });
}

/** NOT_AUTHORIZED; ADDRESS_MISMATCH: there is another NAT on the way. */
const UNSERVED: readonly number[] = [2, 12];
/** NETWORK_FAILURE, NO_RESOURCES, USER_EX_QUOTA. */
const CLOSED: readonly number[] = [7, 8, 10];

/** Says nothing of a server that refuses whatever this host asks. */
export function isServed({ result, summary }: PcpAnswer): Result<void, Shortfall> {
  return UNSERVED.includes(result) ? inconclusive('a server that serves this host', summary) : ok(undefined);
}

/** Says nothing of a gateway whose connection, or whose table, allows no mapping now. */
export function isOpenForMappings(answer: PcpAnswer): Result<void, Shortfall> {
  const { result, summary } = answer;
  return CLOSED.includes(result) ? inconclusive('a gateway that can map a port now', summary) : isServed(answer);
}
