/**
 * The types of a gateway's parts, which refer to one another: a call names its gateway, a gateway has services, a service
 * has actions, and an action has the handler of its calls.
 */
import type { Result } from '@portwright/core/result';
import type { ErrorNames } from '../services/error-names.ts';
import type { GatewayConfig } from './gateway-options.ts';
import type { PinholeTable } from './pinhole-table.ts';
import type { WanConnection } from './wan-connection.ts';

/** A gateway as its action handlers see it: its options, and the state that they read and change. */
export interface GatewayState {
  readonly config: GatewayConfig;
  /** Its own: the one that tests look at, and that `externalAddress` and its like are about. */
  readonly connection: WanConnection;
  readonly firewall: Firewall;
  readonly services: readonly ServiceInstance[];
  /** Layer3Forwarding's DefaultConnectionService. */
  defaultConnectionService: string;
  /** WANCommonInterfaceConfig's EnabledForInternet. */
  isEnabledForInternet: boolean;
  /** Milliseconds on the gateway's clock. */
  now(): number;
  /** Every connection service as Layer3Forwarding:1 names it, in DefaultConnectionService: `uuid:...:WANConnectionDevice:1,urn:...`. */
  connectionServiceNames(isWanted?: (service: ServiceInstance) => boolean): readonly string[];
}

/** UDA 1.0, 2.3: the data types that these services use. */
export type DataType = 'string' | 'boolean' | 'ui2' | 'ui4';

export interface StateVariable {
  readonly name: string;
  readonly type: DataType;
  readonly isEvented: boolean;
  readonly defaultValue?: string;
  /** The allowedValueList. */
  readonly allowed?: readonly string[];
  /** The allowedValueRange. */
  readonly range?: readonly [minimum: number, maximum: number];
  /** The code for a value outside of the list or range, where the specification names a more specific one than 601. */
  readonly outsideCode?: number;
}

/** An argument and the state variable that it is related to, from which it has its type and its limits. */
export interface Argument {
  readonly name: string;
  readonly variable: StateVariable;
}

export interface Action {
  readonly name: string;
  /** In the order of the specification. */
  readonly inputs: readonly Argument[];
  readonly outputs: readonly Argument[];
  /** The specification leaves it to the device: a device without it answers 602, and its SCPD leaves it out. */
  readonly isOptional: boolean;
  /** The version of the service type that brought it; a call in the name of a lower one is answered with 401. */
  readonly since: number;
  readonly handle: ActionHandler;
}

/**
 * Where the versions differ. The services of 2001 know 402 for any argument that they dislike; those of 2010 use the
 * codes 600 and 601 of UDA 1.1, and codes of their own.
 */
export interface Dialect {
  /** A value that is not in the list or the range of its state variable. */
  readonly outOfRange: number;
  /** A value of the right type that means nothing: an address that is none. */
  readonly invalidValue: number;
  /** A mapping for another host than the caller, refused. */
  readonly foreignClient: number;
  /** No room for another mapping. */
  readonly full: number;
  readonly internalPortZero: number;
  /** The external port belongs to something else than UPnP. */
  readonly reservedPort: number;
  /** A variable that can't be set. */
  readonly readOnly: number;
  /** What a lease of 0 asks for. */
  readonly zeroLease: 'permanent' | 'maximum';
}

export interface ServiceDefinition {
  /** The type without its version: `urn:schemas-upnp-org:service:WANIPConnection`. */
  readonly type: string;
  readonly version: number;
  readonly dialect: Dialect;
  readonly errors: ErrorNames;
  readonly variables: readonly StateVariable[];
  /** By name, in the order of the specification. */
  readonly actions: ReadonlyMap<string, Action>;
}

/** A device of the description. */
export interface DeviceNode {
  readonly deviceType: string;
  /** With its `uuid:`. */
  readonly udn: string;
  readonly friendlyName: string;
  /** See DeviceOutline. */
  readonly texts: Readonly<Record<string, string | null>>;
  readonly foreign: string;
  readonly services: readonly ServiceInstance[];
  readonly devices: readonly DeviceNode[];
}

/** A service where it stands: of this device, at these paths, working on this connection. */
export interface ServiceInstance {
  readonly definition: ServiceDefinition;
  /** With its version. */
  readonly serviceType: string;
  readonly serviceId: string;
  /** As the description has them. */
  readonly scpdUrl: string;
  readonly controlUrl: string;
  readonly eventUrl: string;
  /** Where they lead. */
  readonly scpdPath: string;
  readonly controlPath: string;
  readonly eventPath: string;
  readonly device: Pick<DeviceNode, 'deviceType' | 'udn'>;
  /** What a connection service controls; null for the others. */
  readonly connection: WanConnection | null;
  /** The connection of the WANDevice that it stands in. */
  readonly wan: WanConnection;
}

/** A UPnP error (UDA 1.0, 3.2.2). */
export interface ActionFault {
  readonly code: number;
}

export type ArgumentValue = string | number | boolean;

/** Input arguments by name, decoded and checked against the service's table. */
export type ActionArguments = ReadonlyMap<string, ArgumentValue>;

/** Output arguments by name; the table decides on their order. */
export type ActionOutput = Readonly<Record<string, ArgumentValue>>;

/** One action, called. */
export interface ActionCall {
  readonly gateway: GatewayState;
  /** The service that was called: actions of WANIPConnection work on its connection, and speak its dialect. */
  readonly service: ServiceInstance;
  readonly args: ActionArguments;
  /** The address that the request came from. */
  readonly caller: string;
}

/** What a gateway does when an action is called. It changes the state at once, or refuses and changes nothing. */
export type ActionHandler = (call: ActionCall) => Result<ActionOutput, ActionFault>;

/** The IPv6 firewall's state. */
export interface Firewall {
  isEnabled: boolean;
  arePinholesAllowed: boolean;
  readonly pinholes: PinholeTable;
}
