import type { GatewayOptions } from '../../gateway/gateway-options.ts';

/**
 * PCP and NAT-PMP of miniupnpd, beside its UPnP. Seen on 2.3.1 with nftables: the nonce is compared when something is
 * deleted, and not when it is renewed; a pinhole that was renewed can't be deleted; FILTER and, over IPv6, PREFER_FAILURE
 * are not applied; a mapping that the permissions forbid is refused after 2.5 s (NAT-PMP: 2.9 s). From pcpserver.c and
 * natpmp.c: lifetimes of errors, the length that is answered as NAT-PMP, and version 1.
 */
export const MINIUPNPD_PORT_CONTROL: GatewayOptions = {
  protocols: ['upnp', 'pcp', 'nat-pmp'],
  mapsPrivateAddress: false,
  pcp: {
    errorSeconds: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 9: 0, 11: 0, 12: 0, 13: 0 },
    forbiddenDelayMs: 2_500,
    renewsWithAnyNonce: 'all',
    deletesRenewedPinholes: false,
    nothingToDelete: 8,
    ignoresPreferFailure: 'ipv6',
    appliesFilter: false,
    checksAnnounceAddress: false,
    readsVersion1: true,
    answersOddLengthAsNatPmp: true,
    // Until 2.3.8 (miniupnp#759).
    listsNonce: true,
  },
  natPmp: { forbiddenDelayMs: 2_900, deletesAllOfBoth: true },
};

/** On pf (pfSense, OPNsense) a pinhole can't be renewed: 8 (miniupnp#744, opnsense/plugins#4010). */
export const MINIUPNPD_ON_PF: GatewayOptions = {
  ...MINIUPNPD_PORT_CONTROL,
  pcp: { ...MINIUPNPD_PORT_CONTROL.pcp, renewsPinholes: false, deletesRenewedPinholes: true },
};
