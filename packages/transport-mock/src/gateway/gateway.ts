import type { DeviceNode, Firewall, GatewayState, ServiceInstance } from './model.ts';
import type { ClockPort } from '@portwright/core';
import { buildDeviceTree, servicesOf } from '../description/device-tree.ts';
import { SubscriptionTable } from '../events/subscription-table.ts';
import type { GatewayConfig } from './gateway-options.ts';
import { PortControlState } from '../port-control/port-control-state.ts';
import { PinholeTable } from './pinhole-table.ts';
import { WanConnection } from './wan-connection.ts';

/**
 * A gateway's state, from one boot to the next: what it is (the configuration, the tree of devices that follows from
 * it) and what has become of it. It knows no network and sets no timer: it is told who calls, and reads the clock.
 */
export class Gateway implements GatewayState {
  /** Its own: the one that tests look at, and that `externalAddress` and its like are about. */
  readonly connection: WanConnection;
  readonly firewall: Firewall;
  /** Whom events go to. */
  readonly subscriptions: SubscriptionTable;
  /** Of PCP and NAT-PMP. */
  readonly portControl: PortControlState;
  /** Layer3Forwarding's DefaultConnectionService. */
  defaultConnectionService: string;
  /** WANCommonInterfaceConfig's EnabledForInternet. */
  isEnabledForInternet = true;
  readonly #clock: ClockPort;
  #config: GatewayConfig;
  #otherConnections: readonly WanConnection[] = [];
  #root: DeviceNode;
  #services: readonly ServiceInstance[];

  constructor(config: GatewayConfig, clock: ClockPort) {
    this.#config = config;
    this.#clock = clock;
    const now = (): number => clock.now();
    this.subscriptions = new SubscriptionTable(now);
    this.portControl = new PortControlState(now);
    this.connection = new WanConnection(config, 'IP_Routed', now);
    this.firewall = {
      isEnabled: config.isFirewallEnabled,
      arePinholesAllowed: config.areInboundPinholesAllowed,
      pinholes: new PinholeTable(now),
    };
    this.#root = this.#buildTree();
    this.#services = servicesOf(this.#root);
    this.defaultConnectionService = this.connectionServiceNames()[0] ?? '';
  }

  get config(): GatewayConfig {
    return this.#config;
  }

  get root(): DeviceNode {
    return this.#root;
  }

  get services(): readonly ServiceInstance[] {
    return this.#services;
  }

  /** From now on it is like this; its state stays: what `externalAddress` and its like began with has passed. */
  reconfigure(config: GatewayConfig): void {
    this.#config = config;
    this.#root = this.#buildTree();
    this.#services = servicesOf(this.#root);
  }

  /** Connections that have been there before are the same as before, with all that has become of them. */
  #buildTree(): DeviceNode {
    const { otherConnections, isNatEnabled } = this.#config;
    this.#otherConnections = otherConnections.map(
      ({ externalAddress = '', isWanUp = false }, index) =>
        this.#otherConnections[index] ??
        new WanConnection({ externalAddress, isWanUp, isNatEnabled }, 'IP_Routed', () => this.now()),
    );
    return buildDeviceTree(this.#config, [this.connection, ...this.#otherConnections]);
  }

  now(): number {
    return this.#clock.now();
  }

  /** Every connection service as Layer3Forwarding:1 names it, in DefaultConnectionService: `uuid:...:WANConnectionDevice:1,urn:...`. */
  connectionServiceNames(isWanted: (service: ServiceInstance) => boolean = () => true): readonly string[] {
    return this.services
      .filter((service) => service.connection !== null && isWanted(service))
      .map(({ device, serviceId }) => `${device.udn}:${device.deviceType.split(':').slice(-2).join(':')},${serviceId}`);
  }
}
