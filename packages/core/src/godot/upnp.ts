import { checkArguments, isObject, optional, SIGNAL, TEXT, A_TRANSPORT } from '../arguments.ts';
import { createDescriptionQueue, type DescriptionQueue } from '../client/description-queue.ts';
import { search } from '../client/search.ts';
import type { AbortSignalLike, Transport } from '../ports.ts';
import { GATEWAY_SEARCH_TARGETS, SEARCH_TARGETS } from '../ssdp/search-targets.ts';
import { IGDStatus } from './igd-status.ts';
import { loadDevice } from './load-device.ts';
import { resultOfError } from './result-of-error.ts';
import { UPNPDevice } from './upnp-device.ts';
import { UPNPResult } from './upnp-result.ts';

/**
 * Godot's UPNP class: the same names (in camelCase), defaults, checks and numbers. Where Godot blocks, these methods
 * return promises, and take a signal as their last argument. They never reject: what went wrong is the number.
 *
 * @see Godot's class reference, UPNP
 */
export class UPNP {
  /** Search over IPv6 instead of IPv4. */
  discoverIpv6 = false;
  /** The UDP port to search from. 0, or what is no port: the system chooses; 1: port 1900; else that port. */
  discoverLocalPort = 0;
  /** The name or an address of the interface to search on. Empty: every one but loopback (Godot: the default one). */
  discoverMulticastIf = '';
  readonly #transport: Transport;
  #devices: UPNPDevice[] = [];

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Clears the list, searches, and lists every device that answered, once, in the order of the first answers, with its
   * description loaded.
   *
   * INVALID_PARAM before the list is cleared, also where the constructor was given no transport; NO_DEVICES if nobody
   * answered, SUCCESS if somebody did, even if the filter left no device; SOCKET_ERROR, MEM_ALLOC_ERROR; UNKNOWN_ERROR
   * for anything else, such as an unknown interface or an aborted search.
   *
   * @param timeout - milliseconds to wait for answers, 0 or more. Below 1000 it is 1000, as in miniupnpc: devices are
   *   told to answer within MX, which is a second at least.
   * @param ttl - how many networks the search may cross, 0..255
   * @param deviceFilter - a part of the search target that answered, case-sensitive. Empty, or with InternetGatewayDevice,
   *   WANIPConnection, WANPPPConnection or rootdevice in it: the targets of gateways are searched, all of them (Godot
   *   stops at the first that gets an answer). Anything else: `ssdp:all` is.
   */
  async discover(
    timeout = 2000,
    ttl = 2,
    deviceFilter = 'InternetGatewayDevice',
    signal?: AbortSignalLike,
  ): Promise<UPNPResult> {
    const checked = checkArguments(
      ['transport', this.#transport, A_TRANSPORT],
      ['deviceFilter', deviceFilter, TEXT],
      ['signal', signal, optional(SIGNAL)],
    );
    if (checked.isErr() || !(timeout >= 0 && ttl >= 0 && ttl <= 255)) return UPNPResult.INVALID_PARAM;
    // A later discover starts a list of its own, and this one then ends in the old.
    const list: UPNPDevice[] = [];
    this.#devices = list;
    const isCommon = !deviceFilter || /InternetGatewayDevice|WAN(IP|PPP)Connection|rootdevice/.test(deviceFilter);
    const targets = isCommon ? GATEWAY_SEARCH_TARGETS : [SEARCH_TARGETS.all];
    const found = new Map<string, UPNPDevice>();
    const loading: Promise<void>[] = [];
    const fetchInTurn = createDescriptionQueue(this.#transport, { signal });

    const searched = await search(
      this.#transport,
      {
        timeoutMs: Math.min(Math.max(timeout, 1000), 3_600_000),
        ttl,
        targets,
        families: [this.discoverIpv6 ? 'ipv6' : 'ipv4'],
        localPort: localPortOf(this.discoverLocalPort),
        interface: this.discoverMulticastIf,
        signal,
      },
      (answer) => {
        const { location, target } = answer;
        if (!target.includes(deviceFilter)) return;
        const known = found.get(location);
        if (known === undefined) {
          const device = new UPNPDevice(this.#transport);
          device.descriptionUrl = location;
          device.serviceType = target;
          found.set(location, device);
          loading.push(this.#load(device, fetchInTurn(answer), signal));
        } else if (targets.indexOf(target) < targets.indexOf(known.serviceType)) {
          // Answers come in any order: the target that was asked for first makes it the same each time.
          known.serviceType = target;
        }
      },
    );
    if (searched.isErr()) return resultOfError(searched.error, UPNPResult.SOCKET_ERROR);
    await Promise.all(loading);
    if (signal?.aborted === true) return UPNPResult.UNKNOWN_ERROR;
    list.push(...found.values());
    return searched.value.received > 0 ? UPNPResult.SUCCESS : UPNPResult.NO_DEVICES;
  }

  /** How many devices are in the list. */
  getDeviceCount(): number {
    return this.#devices.length;
  }

  /** The device at an index from 0 on; null where there is none. */
  getDevice(index: number): UPNPDevice | null {
    return this.#devices[index] ?? null;
  }

  /** Puts another device in the place of the one at an index. An index that is not in the list is ignored, and so is what is no device. */
  setDevice(index: number, device: UPNPDevice | null): void {
    if (this.#has(index) && isObject(device)) this.#devices[index] = this.#adopt(device);
  }

  /** Adds a device to the end of the list. What is no device is ignored. */
  addDevice(device: UPNPDevice | null): void {
    if (isObject(device)) this.#devices.push(this.#adopt(device));
  }

  /** Removes the device at an index; those behind it move up. An index that is not in the list is ignored. */
  removeDevice(index: number): void {
    if (this.#has(index)) this.#devices.splice(index, 1);
  }

  /** Empties the list. */
  clearDevices(): void {
    this.#devices.length = 0;
  }

  /**
   * The default gateway: the first device in the list whose status is OK; where there is none, the first that is
   * DISCONNECTED, which may grant mappings all the same; else null.
   */
  getGateway(): UPNPDevice | null {
    const first = (status: IGDStatus): UPNPDevice | undefined =>
      this.#devices.find(({ igdStatus }) => igdStatus === status);
    return first(IGDStatus.OK) ?? first(IGDStatus.DISCONNECTED) ?? null;
  }

  /** The default gateway's external IP address; empty on any error. */
  async queryExternalAddress(signal?: AbortSignalLike): Promise<string> {
    return (await this.getGateway()?.queryExternalAddress(signal)) ?? '';
  }

  /** {@link UPNPDevice.addPortMapping} on the default gateway; NO_GATEWAY, before every other check, where there is none. */
  async addPortMapping(...mapping: Parameters<UPNPDevice['addPortMapping']>): Promise<UPNPResult> {
    return this.getGateway()?.addPortMapping(...mapping) ?? UPNPResult.NO_GATEWAY;
  }

  /** {@link UPNPDevice.deletePortMapping} on the default gateway; NO_GATEWAY, before every other check, where there is none. */
  async deletePortMapping(...mapping: Parameters<UPNPDevice['deletePortMapping']>): Promise<UPNPResult> {
    return this.getGateway()?.deletePortMapping(...mapping) ?? UPNPResult.NO_GATEWAY;
  }

  async #load(
    device: UPNPDevice,
    fetching: ReturnType<DescriptionQueue>,
    signal: AbortSignalLike | undefined,
  ): Promise<void> {
    device.igdStatus = await loadDevice(this.#transport, device, fetching, { signal });
  }

  #has(index: number): boolean {
    return Number.isInteger(index) && index in this.#devices;
  }

  #adopt(device: UPNPDevice): UPNPDevice {
    device.transport ??= this.#transport;
    return device;
  }
}

function localPortOf(port: number): number {
  if (port === 1) return 1900;
  return port > 0 && port < 65_536 ? port : 0;
}
