import { errAsync, type ResultAsync } from '../result.ts';
import { checkArguments, A_TRANSPORT } from '../arguments.ts';
import { knownAddress } from '../client/connection-state.ts';
import { checkPort, type Protocol } from '../port-mapping.ts';
import { keyInput, mappingInput } from '../client/mapping-arguments.ts';
import { createQueue } from '../client/queue.ts';
import { createServiceClient } from '../client/service-client.ts';
import type { CallError } from '../errors.ts';
import type { ActionInput, ActionName, ActionOutput } from '../igd/declaration.ts';
import { wanIpConnection, type WanIpConnection } from '../igd/wan-ip-connection.ts';
import type { AbortSignalLike, Transport } from '../ports.ts';
import { IGDStatus } from './igd-status.ts';
import { resultOfError } from './result-of-error.ts';
import { UPNPResult } from './upnp-result.ts';

/**
 * A device that {@link UPNP.discover} found, or one that you describe yourself: its calls go by the properties as they
 * are at that moment. A gateway needs `igdControlUrl`, `igdServiceType`, `igdOurAddr`, and `igdStatus` 0.
 *
 * @see Godot's class reference, UPNPDevice
 */
export class UPNPDevice {
  /** The URL of its description: the LOCATION of its answer. */
  descriptionUrl = '';
  /** The search target that it answered to, such as `urn:schemas-upnp-org:device:InternetGatewayDevice:1`. */
  serviceType = '';
  /** Where its connection service is called, absolute. */
  igdControlUrl = '';
  /** The type of its connection service, such as `urn:schemas-upnp-org:service:WANIPConnection:1`. */
  igdServiceType = '';
  /** This host's address as the gateway sees it: where mappings lead. It is sent as it stands. */
  igdOurAddr = '';
  igdStatus: IGDStatus = IGDStatus.UNKNOWN_ERROR;
  /** What it calls through. Without one, calls give HTTP_ERROR; a {@link UPNP} lends its own to a device without. */
  transport: Transport | null;
  readonly #queue = createQueue();

  constructor(transport: Transport | null = null) {
    this.transport = transport;
  }

  /** Whether `igdStatus` is OK. */
  isValidGateway(): boolean {
    return this.igdStatus === IGDStatus.OK;
  }

  /** Its external IP address; empty on any error, and where the gateway has none (0.0.0.0). */
  async queryExternalAddress(signal?: AbortSignalLike): Promise<string> {
    if (!this.#mapsPorts()) return '';
    const answer = await this.#call('GetExternalIPAddress', {}, signal);
    return answer.map(({ NewExternalIPAddress }) => knownAddress(NewExternalIPAddress)).unwrapOr(null) ?? '';
  }

  /**
   * Asks for one mapping from the gateway's external port to this host, exactly as given: nothing is tried a second time
   * with other values, and no other client's mapping is deleted first.
   *
   * Checked before anything is sent, in this order: the device is a gateway (INVALID_GATEWAY), the ports (INVALID_PORT),
   * the protocol (INVALID_PROTOCOL), the duration (INVALID_DURATION), the description (INVALID_ARGS for what is no text).
   *
   * @param port - the external port, 1..65535
   * @param portInternal - this host's port, 1..65535; 0: the same as `port`
   * @param desc - shown in the router's settings; empty: the name of this library
   * @param proto - exactly `UDP` or `TCP`
   * @param duration - seconds; 0: permanent. Godot documents 120..86400; other values are sent as they are.
   */
  async addPortMapping(
    port: number,
    portInternal = 0,
    desc = '',
    proto = 'UDP',
    duration = 0,
    signal?: AbortSignalLike,
  ): Promise<UPNPResult> {
    if (!this.#mapsPorts()) return UPNPResult.INVALID_GATEWAY;
    const wrong = check(port, proto, portInternal, duration);
    if (wrong !== UPNPResult.SUCCESS) return wrong;
    if (typeof desc !== 'string') return UPNPResult.INVALID_ARGS;
    const input = mappingInput({
      externalPort: port,
      protocol: proto as Protocol,
      internalPort: portInternal || port,
      internalClient: this.igdOurAddr,
      description: desc,
      leaseSeconds: duration,
    });
    return toResult(this.#call('AddPortMapping', input, signal));
  }

  /**
   * Deletes a mapping. Checked before, in this order: the port (INVALID_PORT), the protocol (INVALID_PROTOCOL); as in
   * Godot, not the status. A gateway without that mapping may answer with success (miniupnpd does), NO_SUCH_ENTRY_IN_ARRAY
   * or PORT_MAPPING_NOT_FOUND.
   *
   * @param port - the external port, 1..65535
   * @param proto - exactly `UDP` or `TCP`
   */
  async deletePortMapping(port: number, proto = 'UDP', signal?: AbortSignalLike): Promise<UPNPResult> {
    const wrong = check(port, proto);
    if (wrong !== UPNPResult.SUCCESS) return wrong;
    const key = keyInput({ externalPort: port, protocol: proto as Protocol });
    return toResult(this.#call('DeletePortMapping', key, signal));
  }

  /** DISCONNECTED tells, and does not forbid: routers that say so map ports all the same (godotengine/godot#87953). */
  #mapsPorts(): boolean {
    return this.isValidGateway() || this.igdStatus === IGDStatus.DISCONNECTED;
  }

  #call<A extends ActionName<WanIpConnection>>(
    action: A,
    input: ActionInput<WanIpConnection, A>,
    signal: AbortSignalLike | undefined,
  ): ResultAsync<ActionOutput<WanIpConnection, A>, CallError> {
    const { transport, igdServiceType: serviceType, igdControlUrl: controlUrl } = this;
    if (transport === null) return errAsync({ kind: 'transport', code: 'failed', message: 'no transport' });
    const memory = { localAddress: null };
    return checkArguments(['transport', transport, A_TRANSPORT]).asyncAndThen(() =>
      createServiceClient(transport, wanIpConnection, { serviceType, controlUrl }, this.#queue, memory).call(
        action,
        input,
        {
          signal,
        },
      ),
    );
  }
}

/** What is wrong with the arguments, in Godot's order; SUCCESS, which is 0, where nothing is. */
function check(port: number, proto: string, portInternal = 0, duration = 0): UPNPResult {
  if (!isPort(port) || (portInternal !== 0 && !isPort(portInternal))) return UPNPResult.INVALID_PORT;
  if (proto !== 'UDP' && proto !== 'TCP') return UPNPResult.INVALID_PROTOCOL;
  return duration >= 0 ? UPNPResult.SUCCESS : UPNPResult.INVALID_DURATION;
}

function isPort(port: number): boolean {
  return checkPort('', port).isOk();
}

function toResult(answer: ResultAsync<unknown, CallError>): Promise<UPNPResult> {
  return answer.match(
    () => UPNPResult.SUCCESS,
    (error) => resultOfError(error),
  );
}
