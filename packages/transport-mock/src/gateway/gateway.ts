import type { ClockPort } from '@portwright/core';
import { buildDeviceTree, type DeviceNode, type ServiceInstance, servicesOf } from '../description/device-tree.ts';
import type { GatewayConfig } from './gateway-options.ts';
import { PinholeTable } from './pinhole-table.ts';
import { WanConnection } from './wan-connection.ts';

/** The IPv6 firewall's state. */
export interface Firewall {
  isEnabled: boolean;
  arePinholesAllowed: boolean;
  readonly pinholes: PinholeTable;
}

/**
 * A gateway's state, from one boot to the next: what it is (the configuration, the tree of devices that follows from
 * it) and what has become of it. It knows no network and sets no timer: it is told who calls, and reads the clock.
 */
export class Gateway {
  readonly connection: WanConnection;
  readonly firewall: Firewall;
  /** Layer3Forwarding's DefaultConnectionService. */
  defaultConnectionService: string;
  /** WANCommonInterfaceConfig's EnabledForInternet. */
  isEnabledForInternet = true;
  readonly #clock: ClockPort;
  #config: GatewayConfig;
  #root: DeviceNode;
  #services: readonly ServiceInstance[];

  constructor(config: GatewayConfig, clock: ClockPort) {
    this.#config = config;
    this.#clock = clock;
    const now = (): number => clock.now();
    this.connection = new WanConnection(config, 'IP_Routed', now);
    this.firewall = {
      isEnabled: config.isFirewallEnabled,
      arePinholesAllowed: config.areInboundPinholesAllowed,
      pinholes: new PinholeTable(now),
    };
    this.#root = buildDeviceTree(config, this.connection);
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
    this.#root = buildDeviceTree(config, this.connection);
    this.#services = servicesOf(this.#root);
  }

  now(): number {
    return this.#clock.now();
  }

  /** Every connection service as Layer3Forwarding:1, 2.2.1 names it: `uuid:...:WANConnectionDevice:1,urn:...`. */
  connectionServiceNames(): readonly string[] {
    return this.services
      .filter((service) => service.connection !== null)
      .map(({ device, serviceId }) => `${device.udn}:${device.deviceType.split(':').slice(-2).join(':')},${serviceId}`);
  }
}
