import type { Complete } from '../with-defaults.ts';
import type { DeviceOutline } from './outline.ts';

/** What a description is like, and where it is. */
export interface DescriptionOptions {
  /**
   * The URL's path. Like every URL here it is a template: `{address}` and `{port}` are the gateway's, `{uuid}` the root's, `{id}` and
   * `{type}` the service's (`WANIPConn1`, `WANIPConnection:1`); `{letters:5}`, `{digits:5}` and `{hex:8}` are drawn
   * anew with each boot. Default: `/description.xml`.
   */
  readonly path?: string | undefined;
  /** Default: `1.0` for IGD:1, `1.1` for IGD:2, which also has a configId (UDA 1.1, 2.3). */
  readonly specVersion?: '1.0' | '1.1' | undefined;
  /** URLBase, a template; empty: an empty element. Default: null, no element. */
  readonly urlBase?: string | null | undefined;
  /** UDA 1.0, 2.1 has it before the device. Default: `before-device`. */
  readonly urlBasePlace?: 'before-device' | 'after-device' | undefined;
  /** The devices and services. Default: what the specification of `igdVersion` requires. */
  readonly outline?: DeviceOutline | undefined;
  /** Default: `/scpd/{id}.xml`. */
  readonly scpdUrl?: string | undefined;
  /** Default: `/control/{id}`. */
  readonly controlUrl?: string | undefined;
  /** It may be the control URL: the method tells them apart. Default: `/event/{id}`. */
  readonly eventUrl?: string | undefined;
  /** Whether the services' descriptions are there; else 404. Default: true. */
  readonly hasScpds?: boolean | undefined;
  /** What stands before the root, line end included. Default: `<?xml version="1.0"?>\r\n`. */
  readonly xmlDeclaration?: string | undefined;
  /** What stands between elements. Default: nothing. */
  readonly lineEnd?: string | undefined;
  /** Spaces inside the start tags of a device's texts: `<modelName   >`. Default: 0. */
  readonly tagPadding?: number | undefined;
  /** What stands after the root. Default: a line end. */
  readonly trailing?: string | undefined;
}

/** What doesn't depend on the gateway's version. */
export const DESCRIPTION_DEFAULTS: Omit<Complete<DescriptionOptions>, 'specVersion' | 'outline'> = {
  path: '/description.xml',
  urlBase: null,
  urlBasePlace: 'before-device',
  scpdUrl: '/scpd/{id}.xml',
  controlUrl: '/control/{id}',
  eventUrl: '/event/{id}',
  hasScpds: true,
  xmlDeclaration: '<?xml version="1.0"?>\r\n',
  lineEnd: '',
  tagPadding: 0,
  trailing: '\r\n',
};
