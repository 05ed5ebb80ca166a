import type { ClockPort, HttpRequest, HttpResponse, RandomPort, Transport } from '@portwright/core';
import { ok, type Result, type ResultAsync, safeTry } from '@portwright/core/result';
import type { Permissions } from '../checks/requirement.ts';
import { inconclusive, missed, notApplicable, type Shortfall } from '../shortfall.ts';
import { authorityOf, excerpt, latin1, readUtf8 } from '../wire/text.ts';
import { readXml, type XmlDocument } from '../wire/xml.ts';
import { type Caller, send } from './caller.ts';
import type { ControlEndpoint } from './control-exchange.ts';
import { type Mappings, mappingsOn } from './mappings.ts';
import { type NatPmpClient, natPmpClient } from './nat-pmp-client.ts';
import { type PcpClient, pcpClient } from './pcp-client.ts';
import { askedBy, type ControlClientOptions, type PortControl } from './port-control.ts';
import type { PortSource } from './ports.ts';
import { search, type SearchOptions, type SearchReply } from './search.ts';
import { type ServiceUnderTest, serviceUnderTest } from './service-under-test.ts';
import { type DescribedService, onHost, type Subject } from './subject.ts';
import { listen, type Listener, rememberSubscription, subscribe, type Subscription } from './subscription.ts';
import { type Undoing, UndoList } from './undo.ts';

/** Why a check of PCP or NAT-PMP does not concern a gateway. */
export const NO_SERVER = 'none answers on UDP port 5351';

/** What does not change from check to check. */
export interface BenchOptions {
  readonly subject: Subject;
  /** The connection service under test; null: the gateway has none. */
  readonly connection: DescribedService | null;
  readonly portControl: PortControl;
  readonly self: Caller;
  readonly second: Caller | null;
  readonly wanHost: Transport | null;
  readonly reboot: (() => Promise<void>) | null;
  /** The run's name. */
  readonly run: string;
  readonly random: RandomPort;
  readonly ports: PortSource;
  /** Ends requests and waits under way. */
  readonly signal: AbortSignal;
}

/** A connection service, and the suite's mappings on it. */
export interface ConnectionUnderTest {
  readonly connection: ServiceUnderTest;
  readonly mappings: Mappings;
}

/** What a check has in hand: the gateway, as many ways to speak to it as there are, and a memory for what it makes. */
export class Bench {
  readonly subject: Subject;
  readonly permissions: Permissions;
  readonly self: Caller;
  readonly second: Caller | null;
  readonly wanHost: Transport | null;
  readonly reboot: (() => Promise<void>) | null;
  readonly clock: ClockPort;
  readonly random: RandomPort;
  readonly ports: PortSource;
  readonly #options: BenchOptions;
  readonly #undoing: UndoList;

  constructor(options: BenchOptions, permissions: Permissions, undoing?: UndoList) {
    this.#options = options;
    this.permissions = permissions;
    this.subject = options.subject;
    this.self = options.self;
    this.second = options.second;
    this.wanHost = options.wanHost;
    this.reboot = options.reboot;
    this.clock = options.self.transport.clock;
    this.random = options.random;
    this.ports = options.ports;
    this.#undoing = undoing ?? new UndoList(this.clock);
  }

  /** The connection under test: a WANIPConnection, or else a WANPPPConnection. */
  connection(): Result<ConnectionUnderTest, Shortfall> {
    const { connection: described, self, run, ports } = this.#options;
    if (described === null) return notApplicable('a WANIPConnection or a WANPPPConnection', 'the description has none');
    return this.#bind(described).map((connection) => ({
      connection,
      mappings: mappingsOn({ service: connection, self, run, ports, undoing: this.#undoing }),
    }));
  }

  /** The gateway's PCP server. @param from - who asks; default: this host */
  pcp(from?: Caller): Result<PcpClient, Shortfall> {
    return this.#control(this.#options.portControl.pcp, 'a PCP server on IPv4', from).map(pcpClient);
  }

  /** The same over IPv6. */
  pcp6(): Result<PcpClient, Shortfall> {
    return this.#control(this.#options.portControl.pcp6, 'a PCP server on IPv6').map(pcpClient);
  }

  /** The gateway's NAT-PMP server. @param from - who asks; default: this host */
  natPmp(from?: Caller): Result<NatPmpClient, Shortfall> {
    return this.#control(this.#options.portControl.natPmp, 'a NAT-PMP server', from).map(natPmpClient);
  }

  /** The first service with this name. */
  service(name: string): Result<ServiceUnderTest, Shortfall> {
    const described = this.subject.services.find((service) => service.name === name);
    return described === undefined ? notApplicable(`a ${name}`, 'the description has none') : this.#bind(described);
  }

  /** A service at another URL: the same gateway, by another of its addresses. */
  bind(service: DescribedService): Result<ServiceUnderTest, Shortfall> {
    return this.#bind(service);
  }

  /** The same bench, for another connection: what is made there is taken back with the rest. */
  withConnection(connection: DescribedService): Bench {
    return new Bench({ ...this.#options, connection }, this.permissions, this.#undoing);
  }

  /** On the gateway's own host: anything else is inconclusive, and not asked. */
  request(request: HttpRequest, from: Caller = this.self): ResultAsync<HttpResponse, Shortfall> {
    return onHost(request.url, this.subject.host).asyncAndThen(() => send(from, request, this.#signal()));
  }

  get(url: string): ResultAsync<HttpResponse, Shortfall> {
    const headers = [
      ['Host', authorityOf(url)],
      ['Connection', 'close'],
    ] as const;
    return this.request({ method: 'GET', url, headers, body: new Uint8Array() });
  }

  /** A document that checks build on: without it, they are inconclusive. */
  document(url: string): ResultAsync<XmlDocument, Shortfall> {
    return this.get(url)
      .andThen(({ status, body }) =>
        status === 200
          ? readUtf8(body)
              .andThen(readXml)
              .orElse((reason) =>
                inconclusive(`a well-formed document at ${url}`, `${reason}: ${excerpt(latin1(body))}`),
              )
          : inconclusive(`a document at ${url}`, `HTTP ${status}`),
      )
      .mapErr((shortfall) => ({ ...shortfall, kind: 'inconclusive' }));
  }

  /** The device description, as it is now. */
  description(): ResultAsync<XmlDocument, Shortfall> {
    return this.document(this.subject.location);
  }

  /** The connection's service description. */
  scpd(): ResultAsync<XmlDocument, Shortfall> {
    const { connection } = this.#options;
    const document = this.document.bind(this);
    return safeTry<XmlDocument, Shortfall>(async function* () {
      if (connection === null) return notApplicable('a connection service', 'the description has none');
      const { scpdUrl, name } = connection;
      if (scpdUrl === null) return missed(`an SCPD of ${name}`, 'no SCPDURL that can be resolved');
      return ok(yield* document(scpdUrl));
    });
  }

  search(options: SearchOptions): ResultAsync<readonly SearchReply[], Shortfall> {
    return search(this.subject, this.self, options, this.#signal());
  }

  /** Subscribes to the connection's events. */
  subscribe(): ResultAsync<Subscription, Shortfall> {
    const eventUrl = this.eventUrl();
    const subscribeAt = (url: string): ResultAsync<Subscription, Shortfall> => subscribe(this.#subscribeOptions(url));
    return eventUrl.asyncAndThen(subscribeAt);
  }

  /** A place for events, without a subscription. */
  listen(): ResultAsync<Listener, Shortfall> {
    return listen(this.#subscribeOptions(''));
  }

  /** The SID in the answer to a SUBSCRIBE, to be cancelled when the check is over; null: it was refused. */
  accepted(eventUrl: string, response: HttpResponse): string | null {
    return rememberSubscription(this.#subscribeOptions(eventUrl), response);
  }

  /** Where the connection's events are subscribed to. */
  eventUrl(): Result<string, Shortfall> {
    const { connection } = this.#options;
    if (connection === null) return notApplicable('a connection service', 'the description has none');
    return connection.eventUrl === null
      ? missed(
          `an eventSubURL of ${connection.name}, which has evented variables`,
          'no eventSubURL that can be resolved',
        )
      : onHost(connection.eventUrl, connection.host);
  }

  /** Milliseconds; ends early when the run does. */
  async sleep(ms: number): Promise<void> {
    await this.clock.sleep(ms, this.#signal());
  }

  /** Whether the run, or the time for the check, has ended. */
  get isEnded(): boolean {
    return this.#signal()?.aborted === true;
  }

  /** Something to be taken back when the check is over. @returns what forgets it */
  atEnd(what: string, undo: Undoing['undo']): () => void {
    return this.#undoing.add(what, undo);
  }

  /** Takes back what the check has made, also when the run was aborted. @returns what could not be */
  close(): Promise<readonly Undoing[]> {
    return this.#undoing.run();
  }

  #subscribeOptions(eventUrl: string): Parameters<typeof subscribe>[0] {
    return { self: this.self, eventUrl, undoing: this.#undoing, signal: () => this.#signal() };
  }

  #control(endpoint: ControlEndpoint | null, what: string, from?: Caller): Result<ControlClientOptions, Shortfall> {
    if (endpoint === null) return notApplicable(what, NO_SERVER);
    const { ports, random } = this;
    return ok({
      // Of this check: what goes over it is recorded.
      endpoint: askedBy(endpoint, from ?? { ...this.self, address: endpoint.client }),
      ports,
      random,
      undoing: this.#undoing,
      signal: () => this.#signal(),
    });
  }

  #bind(service: DescribedService): Result<ServiceUnderTest, Shortfall> {
    return serviceUnderTest(service, this.self, () => this.#signal());
  }

  #signal(): AbortSignal | undefined {
    return this.#undoing.isRunning ? undefined : this.#options.signal;
  }
}
