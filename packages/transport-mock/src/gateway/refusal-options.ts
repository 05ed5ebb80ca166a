/**
 * What is answered when something is refused: a UPnP error code, or `ignored`, a success that nothing has come of, as
 * routers answer that don't look what became of their own work.
 */
export type Refusal = number | 'ignored';

/**
 * With what a gateway refuses, by reason. What it refuses at all other options say (`capacity`, `leasePolicy` ...); a
 * reason that is missing here is answered as the specification of the called service has it.
 */
export interface RefusalOptions {
  /** Whatever changes mappings, while the owner has it switched off (`isSwitchedOff`). Default: 606. */
  readonly switchedOff?: Refusal | undefined;
  /** A mapping for another host than the caller (`isSecure`). Default: 718, on version 2 606. */
  readonly foreignClient?: Refusal | undefined;
  /** A mapping that another client holds (WANIPConnection:2, 2.5.16). Default: 718. */
  readonly conflict?: Refusal | undefined;
  /** A mapping of the client's own, once more (`allowsRenewal`). Default: 718. */
  readonly renewal?: Refusal | undefined;
  /** No room for another mapping (`capacity`). Default: 501, on version 2 728. */
  readonly full?: Refusal | undefined;
  /** A lease that is not 0 (`leasePolicy`). Default: 725. */
  readonly timedLease?: Refusal | undefined;
  /** A lease of 0 (`leasePolicy`). Default: 402. */
  readonly permanentLease?: Refusal | undefined;
  /** A lease above `longestLease`. Default: 402, on version 2 601. */
  readonly longLease?: Refusal | undefined;
  /** External and internal port differ (`requiresSamePorts`). Default: 724. */
  readonly differentPorts?: Refusal | undefined;
  /** A remote host (`requiresAnyRemoteHost`). Default: 726. */
  readonly remoteHost?: Refusal | undefined;
  /** One external port (`requiresExternalPortWildcard`). Default: 727. */
  readonly externalPort?: Refusal | undefined;
  /** No description (`requiresDescription`). Default: 402. */
  readonly emptyDescription?: Refusal | undefined;
  /** A description with one of `forbiddenInDescriptions`. Default: 402. */
  readonly badDescription?: Refusal | undefined;
  /** Past the end of the listing by index. Default: 713. */
  readonly noSuchIndex?: number | undefined;
  /** A mapping by name that isn't there; `first-entry`: answered with the first one that is. Default: 714. */
  readonly noSuchEntry?: number | 'first-entry' | undefined;
  /** A mapping to be deleted that isn't there. Default: 714. */
  readonly nothingToDelete?: Refusal | undefined;
  /** GetListOfPortMappings finds none; `ignored`: an empty list. Default: 730. */
  readonly emptyListing?: Refusal | undefined;
}

/** Why a gateway turns something down that is right by its form. */
export type Reason = Exclude<keyof RefusalOptions, 'noSuchIndex' | 'noSuchEntry'>;
