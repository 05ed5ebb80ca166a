import type { ServiceKind } from '../services/service-kind.ts';

/** A device, as data: what becomes part of a description and of the gateway's answers. */
export interface DeviceOutline {
  /** `WANDevice:1`, in UPnP's namespace; or a whole URN. */
  readonly type: string;
  /** With its `uuid:`. `{uuid}` is the device's own, counted on from the root's, `{root}` the root's. Default: `uuid:{uuid}`. */
  readonly udn?: string | undefined;
  /** Default: the gateway's name for the root, else the device's type. */
  readonly friendlyName?: string | undefined;
  /** Further elements, or other values, by name; null: the element is missing. */
  readonly texts?: Readonly<Record<string, string | null>> | undefined;
  /** XML of other namespaces, before all else in the device. */
  readonly foreign?: string | undefined;
  /** None: the device has no serviceList. */
  readonly services: readonly ServiceOutline[];
  readonly devices?: readonly DeviceOutline[] | undefined;
}

/** A service, as data. The three URLs are templates; see DescriptionOptions. */
export interface ServiceOutline {
  /** `WANIPConnection:1`, in UPnP's namespace; or a whole URN. */
  readonly type: string;
  /** What it does. Default: what its type says, and for a type of a vendor nothing. */
  readonly is?: ServiceKind | undefined;
  /** `WANIPConn1`, in UPnP's namespace; or a whole URN. */
  readonly id: string;
  readonly scpdUrl?: string | undefined;
  readonly controlUrl?: string | undefined;
  readonly eventUrl?: string | undefined;
  /** The connection that it is about: 0 is the gateway's own, others are `otherConnections`. Default: 0. */
  readonly connection?: number | undefined;
  /** Actions of the vendor's, without arguments, that are in the SCPD and do nothing. */
  readonly vendorActions?: readonly string[] | undefined;
}
