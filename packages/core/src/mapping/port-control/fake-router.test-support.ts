/** A router with PCP or NAT-PMP that does what a test tells it, on a network of its own, in virtual time. */
import { seededRandom, VirtualClock } from '@portwright/transport-mock';
import { createAbort } from '../../abort.ts';
import type { Endpoint } from '../../messages.ts';
import { decodeNatPmpRequest } from '../../nat-pmp/decode.ts';
import { encodeNatPmpResponse } from '../../nat-pmp/encode.ts';
import type { NatPmpRequest } from '../../nat-pmp/message.ts';
import { decodePcpRequest } from '../../pcp/decode.ts';
import { encodePcpResponse } from '../../pcp/encode.ts';
import type { PcpRequest, PcpResponse } from '../../pcp/message.ts';
import type { DatagramOptions, DatagramSocket, InterfaceAddress, Transport } from '../../ports.ts';
import { errAsync, okAsync } from '../../result.ts';
import type { Datagram } from '../../messages.ts';

export const ROUTER = '192.168.1.1';
export const ROUTER6 = 'fe80::1%eth0';
const SERVER = { address: ROUTER, port: 5351 };

/** This host. */
export const OWN: InterfaceAddress = {
  name: 'eth0',
  family: 'ipv4',
  address: '192.168.1.20',
  prefixLength: 24,
  internal: false,
};

/** A datagram of the router's, or of somebody else's. */
export interface Reply {
  readonly payload: Uint8Array;
  readonly from?: Endpoint;
  readonly afterMs?: number;
}

export type Answering = (payload: Uint8Array, from: Endpoint) => readonly Reply[] | 'refused';

interface OpenSocket {
  readonly options: DatagramOptions;
  readonly deliver: (datagram: Datagram) => void;
}

/** What is on the wire, and this host's addresses. */
export class FakeNetwork {
  readonly clock = new VirtualClock();
  /** What was sent, with its time in milliseconds. */
  readonly sent: { readonly at: number; readonly payload: Uint8Array; readonly from: string }[] = [];
  readonly sockets = new Set<OpenSocket>();
  interfaces: InterfaceAddress[] = [OWN];
  answering: Answering;
  /** Why no socket can be opened for listening. */
  isPortTaken = false;
  /** What the system says to each datagram that is sent. */
  isUnreachable = false;

  constructor(answering: Answering) {
    this.answering = answering;
  }

  get transport(): Transport {
    return {
      clock: this.clock,
      random: seededRandom(7),
      http: { request: () => errAsync({ kind: 'transport', code: 'refused', message: 'no HTTP here' }) },
      interfaces: {
        list: () => okAsync(this.interfaces),
        owns: (address) => okAsync(this.interfaces.some((one) => one.address === address)),
      },
      datagram: {
        open: (options) =>
          options.localPort !== undefined && this.isPortTaken
            ? errAsync({ kind: 'transport', code: 'address-in-use', message: 'taken' })
            : okAsync(this.#open(options)),
      },
    };
  }

  /** This host has another IPv4 address. */
  renumber(address: string): void {
    this.interfaces = [{ ...OWN, address }];
  }

  /** To whoever listens on a port. */
  multicast(payload: Uint8Array, from: Endpoint = SERVER, port = 5350): void {
    for (const { options, deliver } of this.sockets) if (options.localPort === port) deliver({ payload, from });
  }

  #open(options: DatagramOptions): DatagramSocket {
    const inbox: Datagram[] = [];
    let wake = createAbort();
    let isClosed = false;
    const own = this.interfaces.find(({ family, address }) => family === options.family && !address.startsWith('fe80'));
    const local = { address: options.localAddress ?? own?.address ?? '', port: options.localPort ?? 50_000 };
    const open: OpenSocket = {
      options,
      deliver: (datagram) => {
        inbox.push(datagram);
        wake.abort();
      },
    };
    this.sockets.add(open);
    const next = async (): Promise<IteratorResult<Datagram, undefined>> => {
      for (;;) {
        const datagram = inbox.shift();
        if (datagram !== undefined) return { done: false, value: datagram };
        if (isClosed) return { done: true, value: undefined };
        wake = createAbort();
        await new Promise<void>((resolve) => {
          wake.signal.addEventListener('abort', resolve);
        });
      }
    };
    return {
      local,
      datagrams: { [Symbol.asyncIterator]: () => ({ next }) },
      send: (payload) => {
        if (this.isUnreachable) return errAsync({ kind: 'transport', code: 'unreachable', message: 'no route' });
        this.sent.push({ at: this.clock.now(), payload, from: local.address });
        const replies = this.answering(payload, local);
        if (replies === 'refused') options.onRefused?.();
        else for (const reply of replies) void this.#deliver(open, reply, options.remote ?? SERVER);
        return okAsync(undefined);
      },
      close: () => {
        isClosed = true;
        this.sockets.delete(open);
        wake.abort();
        return Promise.resolve();
      },
    };
  }

  async #deliver(to: OpenSocket, { payload, from, afterMs = 5 }: Reply, remote: Endpoint): Promise<void> {
    await this.clock.sleep(afterMs);
    if (this.sockets.has(to)) to.deliver({ payload, from: from ?? remote });
  }
}

export interface FakeMapping {
  readonly nonce: string;
  readonly externalPort: number;
  readonly endsAt: number;
}

/** What the router is like; a test changes it on the way. */
export interface RouterState {
  wan: string;
  /** When it started, in milliseconds: its epoch counts from then. */
  startedAt: number;
  /** The next requests for a mapping get these results. */
  refusals: number[];
  errorLifetime: number;
  /** So many datagrams get no answer. */
  mute: number;
  /** So many answers are lost. */
  deafAfter: number;
  longest: number;
  /** Ports that are another host's. */
  taken: number[];
  /** Whether it ignores PREFER_FAILURE. */
  ignoresExact: boolean;
  /** By client, protocol and internal port. */
  readonly mappings: Map<string, FakeMapping>;
}

export interface FakeRouter extends RouterState {
  readonly network: FakeNetwork;
  readonly transport: Transport;
  /** The requests up to now, in words. */
  requests(): readonly string[];
  /** The table is lost. */
  reboot(): void;
}

/** @param version - 2: PCP, 0: NAT-PMP; the other one is answered as its specification says */
export function fakeRouter(version: 0 | 2, changes: Partial<RouterState> = {}): FakeRouter {
  const network = new FakeNetwork((payload, from) => answer(payload, from));
  const { clock } = network;
  const router: FakeRouter = {
    wan: '203.0.113.9',
    startedAt: -100_000,
    refusals: [],
    errorLifetime: 0,
    mute: 0,
    deafAfter: 0,
    longest: 86_400,
    taken: [],
    ignoresExact: false,
    mappings: new Map(),
    network,
    transport: network.transport,
    requests: () => network.sent.map(({ payload }) => inWords(payload)),
    reboot: () => {
      router.mappings.clear();
      router.startedAt = clock.now();
    },
    ...changes,
  };

  function answer(payload: Uint8Array, from: Endpoint): readonly Reply[] {
    if (router.mute > 0) {
      router.mute -= 1;
      return [];
    }
    const reply =
      payload[0] !== version ? versionAnswer(payload) : version === 2 ? pcp(payload, from) : natPmp(payload, from);
    if (router.deafAfter > 0) {
      router.deafAfter -= 1;
      return [];
    }
    return [{ payload: reply }];
  }

  const epochSeconds = (): number => Math.floor((clock.now() - router.startedAt) / 1000);

  function versionAnswer(payload: Uint8Array): Uint8Array {
    if (version === 0) return Uint8Array.of(0, 128 + (payload[1] ?? 0), 0, 1, 0, 0, 0, 100);
    return Uint8Array.of(2, 128 + (payload[1] ?? 0), 0, 1, ...new Uint8Array(20));
  }

  /** The external port; null: another host has the only one that is wanted. */
  function take(key: string, nonce: string, wanted: number, isExact: boolean, seconds: number): FakeMapping | null {
    const known = router.mappings.get(key);
    const isFree = !router.taken.includes(wanted);
    if (!isFree && isExact && !router.ignoresExact && known === undefined) return null;
    const externalPort = known?.externalPort ?? (isFree ? wanted : wanted + 1);
    const mapping = { nonce, externalPort, endsAt: clock.now() + seconds * 1000 };
    router.mappings.set(key, mapping);
    return mapping;
  }

  function pcp(payload: Uint8Array, from: Endpoint): Uint8Array {
    const request = decodePcpRequest(payload)._unsafeUnwrap();
    const { lifetimeSeconds, options, ...operation } = request;
    const respond = (changes: Partial<PcpResponse>): Uint8Array => {
      const response = { ...operation, resultCode: 0, lifetimeSeconds: 0, epochSeconds: epochSeconds(), options: [] };
      return encodePcpResponse({ ...response, ...changes } as PcpResponse)._unsafeUnwrap();
    };
    if (request.opcode !== 'map') return respond({});
    const refused = router.refusals.shift() ?? 0;
    if (refused > 0) return respond({ resultCode: refused, lifetimeSeconds: router.errorLifetime });
    const key = `${from.address} ${request.protocol} ${request.internalPort}`;
    if (lifetimeSeconds === 0) {
      const known = router.mappings.get(key);
      if (known === undefined) return respond({ resultCode: 8 });
      if (known.nonce !== request.nonce) return respond({ resultCode: 2 });
      router.mappings.delete(key);
      return respond({});
    }
    const isExact = options.some(({ code }) => code === 'prefer-failure');
    const granted = Math.min(lifetimeSeconds, router.longest);
    const mapping = take(key, request.nonce, request.externalPort, isExact, granted);
    if (mapping === null) return respond({ resultCode: 11 });
    const externalAddress = from.address.includes(':') ? from.address : router.wan;
    const { externalPort } = mapping;
    return respond({ lifetimeSeconds: granted, externalPort, externalAddress });
  }

  function natPmp(payload: Uint8Array, from: Endpoint): Uint8Array {
    const request = decodeNatPmpRequest(payload)._unsafeUnwrap();
    const respond = (changes: object): Uint8Array => {
      const response = { resultCode: 0, epochSeconds: epochSeconds(), address: router.wan, ...request, ...changes };
      return encodeNatPmpResponse(response)._unsafeUnwrap();
    };
    if (request.kind !== 'map') return respond(router.wan === '0.0.0.0' ? { resultCode: 3 } : {});
    const refused = router.refusals.shift() ?? 0;
    if (refused > 0) return respond({ resultCode: refused });
    const key = `${from.address} ${request.protocol === 'TCP' ? 6 : 17} ${request.internalPort}`;
    if (request.lifetimeSeconds === 0) {
      router.mappings.delete(key);
      return respond({ externalPort: 0 });
    }
    const granted = Math.min(request.lifetimeSeconds, router.longest);
    const mapping = take(key, '', request.externalPort, false, granted);
    return respond({ lifetimeSeconds: granted, externalPort: mapping?.externalPort });
  }

  return router;
}

/** A request, without what differs from run to run. */
export function inWords(payload: Uint8Array): string {
  if (payload[0] === 0) return natPmpInWords(decodeNatPmpRequest(payload)._unsafeUnwrap());
  return pcpInWords(decodePcpRequest(payload)._unsafeUnwrap());
}

function natPmpInWords(request: NatPmpRequest): string {
  if (request.kind !== 'map') return 'address?';
  const { protocol, internalPort, externalPort, lifetimeSeconds } = request;
  return lifetimeSeconds === 0
    ? `delete ${protocol} ${internalPort}`
    : `map ${protocol} ${externalPort} to ${internalPort} for ${lifetimeSeconds}`;
}

function pcpInWords(request: PcpRequest): string {
  if (request.opcode !== 'map') return request.opcode;
  const { internalPort, externalPort, lifetimeSeconds, options } = request;
  const protocol = { 6: 'TCP', 17: 'UDP' }[request.protocol] ?? String(request.protocol);
  if (lifetimeSeconds === 0) return `delete ${protocol} ${internalPort}`;
  const words = ['', ...options.map(({ code }) => String(code))].join(' ');
  return `map ${protocol} ${externalPort} to ${internalPort} for ${lifetimeSeconds}${words}`;
}
