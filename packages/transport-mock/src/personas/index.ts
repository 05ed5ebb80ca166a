// Written by scripts/generate.mjs.
import { answersFromAnotherPort } from './answers-from-another-port.ts';
import { appleAirport } from './apple-airport.ts';
import { arrisTg4482a } from './arris-tg4482a.ts';
import { askeyRtf8316vw } from './askey-rtf8316vw.ts';
import { asusRtAx3000 } from './asus-rt-ax3000.ts';
import { bbox } from './bbox.ts';
import { buffaloWsr1800ax4p } from './buffalo-wsr-1800ax4p.ts';
import { cgnWithPcp } from './cgn-with-pcp.ts';
import { cgnat } from './cgnat.ts';
import { ciscoCgm4331 } from './cisco-cgm4331.ts';
import { dLinkDirX3260 } from './d-link-dir-x3260.ts';
import { disconnectedButMaps } from './disconnected-but-maps.ts';
import { doubleNat } from './double-nat.ts';
import { dovado } from './dovado.ts';
import { edgerouter } from './edgerouter.ts';
import { eeroPro7 } from './eero-pro-7.ts';
import { emptyDescriptionRefused } from './empty-description-refused.ts';
import { equalPortsOnly } from './equal-ports-only.ts';
import { finiteLeasesOnly } from './finite-leases-only.ts';
import { freebox } from './freebox.ts';
import { fritzbox7590 } from './fritzbox-7590.ts';
import { fritzbox7590Igd1 } from './fritzbox-7590-igd1.ts';
import { fritzboxPcpRefused } from './fritzbox-pcp-refused.ts';
import { fritzboxSwitchedOff } from './fritzbox-switched-off.ts';
import { funbox6 } from './funbox-6.ts';
import { huaweiDslforum } from './huawei-dslforum.ts';
import { igd1 } from './igd1.ts';
import { igd2 } from './igd2.ts';
import { keenetic } from './keenetic.ts';
import { linksysFull } from './linksys-full.ts';
import { livebox } from './livebox.ts';
import { mikrotik } from './mikrotik.ts';
import { miniupnpd } from './miniupnpd.ts';
import { miniupnpdIgd1 } from './miniupnpd-igd1.ts';
import { miniupnpdPrivateWan } from './miniupnpd-private-wan.ts';
import { necAterm } from './nec-aterm.ts';
import { netgearPermanent } from './netgear-permanent.ts';
import { netgearRax30 } from './netgear-rax30.ts';
import { neufbox } from './neufbox.ts';
import { openwrt } from './openwrt.ts';
import { openwrtInternalPortZero } from './openwrt-internal-port-zero.ts';
import { openwrtUpnpOff } from './openwrt-upnp-off.ts';
import { opnsense } from './opnsense.ts';
import { parallelBreaks } from './parallel-breaks.ts';
import { pcpBehindAnotherNat } from './pcp-behind-another-nat.ts';
import { pfsense } from './pfsense.ts';
import { pickySoapaction } from './picky-soapaction.ts';
import { protonVpn } from './proton-vpn.ts';
import { quotesRefused } from './quotes-refused.ts';
import { renewalRefused } from './renewal-refused.ts';
import { rootdeviceOnly } from './rootdevice-only.ts';
import { sagemcomFast5670 } from './sagemcom-fast5670.ts';
import { scpdMissing } from './scpd-missing.ts';
import { secureBy718 } from './secure-by-718.ts';
import { synologySrm } from './synology-srm.ts';
import { tpLinkArcherAx1800 } from './tp-link-archer-ax1800.ts';
import { tpLinkArcherAx72 } from './tp-link-archer-ax72.ts';
import { tpLinkArcherVr2100v } from './tp-link-archer-vr2100v.ts';
import { tpLinkEr605 } from './tp-link-er605.ts';
import { tpLinkTlR470t } from './tp-link-tl-r470t.ts';
import { ubiquitiUdmPro } from './ubiquiti-udm-pro.ts';
import { unicastOnly } from './unicast-only.ts';
import { verizonCr1000a } from './verizon-cr1000a.ts';
import { yamahaRtx810 } from './yamaha-rtx810.ts';
import { zeroExternalAddress } from './zero-external-address.ts';
import type { Persona } from './persona.ts';

/** What `simulateGateway({ persona })` takes. */
export type PersonaName =
  | 'answers-from-another-port'
  | 'apple-airport'
  | 'arris-tg4482a'
  | 'askey-rtf8316vw'
  | 'asus-rt-ax3000'
  | 'bbox'
  | 'buffalo-wsr-1800ax4p'
  | 'cgn-with-pcp'
  | 'cgnat'
  | 'cisco-cgm4331'
  | 'd-link-dir-x3260'
  | 'disconnected-but-maps'
  | 'double-nat'
  | 'dovado'
  | 'edgerouter'
  | 'eero-pro-7'
  | 'empty-description-refused'
  | 'equal-ports-only'
  | 'finite-leases-only'
  | 'freebox'
  | 'fritzbox-7590'
  | 'fritzbox-7590-igd1'
  | 'fritzbox-pcp-refused'
  | 'fritzbox-switched-off'
  | 'funbox-6'
  | 'huawei-dslforum'
  | 'igd1'
  | 'igd2'
  | 'keenetic'
  | 'linksys-full'
  | 'livebox'
  | 'mikrotik'
  | 'miniupnpd'
  | 'miniupnpd-igd1'
  | 'miniupnpd-private-wan'
  | 'nec-aterm'
  | 'netgear-permanent'
  | 'netgear-rax30'
  | 'neufbox'
  | 'openwrt'
  | 'openwrt-internal-port-zero'
  | 'openwrt-upnp-off'
  | 'opnsense'
  | 'parallel-breaks'
  | 'pcp-behind-another-nat'
  | 'pfsense'
  | 'picky-soapaction'
  | 'proton-vpn'
  | 'quotes-refused'
  | 'renewal-refused'
  | 'rootdevice-only'
  | 'sagemcom-fast5670'
  | 'scpd-missing'
  | 'secure-by-718'
  | 'synology-srm'
  | 'tp-link-archer-ax1800'
  | 'tp-link-archer-ax72'
  | 'tp-link-archer-vr2100v'
  | 'tp-link-er605'
  | 'tp-link-tl-r470t'
  | 'ubiquiti-udm-pro'
  | 'unicast-only'
  | 'verizon-cr1000a'
  | 'yamaha-rtx810'
  | 'zero-external-address';

/** Every persona, by its name. */
export const PERSONAS: Readonly<Record<PersonaName, Persona>> = {
  'answers-from-another-port': answersFromAnotherPort,
  'apple-airport': appleAirport,
  'arris-tg4482a': arrisTg4482a,
  'askey-rtf8316vw': askeyRtf8316vw,
  'asus-rt-ax3000': asusRtAx3000,
  bbox,
  'buffalo-wsr-1800ax4p': buffaloWsr1800ax4p,
  'cgn-with-pcp': cgnWithPcp,
  cgnat,
  'cisco-cgm4331': ciscoCgm4331,
  'd-link-dir-x3260': dLinkDirX3260,
  'disconnected-but-maps': disconnectedButMaps,
  'double-nat': doubleNat,
  dovado,
  edgerouter,
  'eero-pro-7': eeroPro7,
  'empty-description-refused': emptyDescriptionRefused,
  'equal-ports-only': equalPortsOnly,
  'finite-leases-only': finiteLeasesOnly,
  freebox,
  'fritzbox-7590': fritzbox7590,
  'fritzbox-7590-igd1': fritzbox7590Igd1,
  'fritzbox-pcp-refused': fritzboxPcpRefused,
  'fritzbox-switched-off': fritzboxSwitchedOff,
  'funbox-6': funbox6,
  'huawei-dslforum': huaweiDslforum,
  igd1,
  igd2,
  keenetic,
  'linksys-full': linksysFull,
  livebox,
  mikrotik,
  miniupnpd,
  'miniupnpd-igd1': miniupnpdIgd1,
  'miniupnpd-private-wan': miniupnpdPrivateWan,
  'nec-aterm': necAterm,
  'netgear-permanent': netgearPermanent,
  'netgear-rax30': netgearRax30,
  neufbox,
  openwrt,
  'openwrt-internal-port-zero': openwrtInternalPortZero,
  'openwrt-upnp-off': openwrtUpnpOff,
  opnsense,
  'parallel-breaks': parallelBreaks,
  'pcp-behind-another-nat': pcpBehindAnotherNat,
  pfsense,
  'picky-soapaction': pickySoapaction,
  'proton-vpn': protonVpn,
  'quotes-refused': quotesRefused,
  'renewal-refused': renewalRefused,
  'rootdevice-only': rootdeviceOnly,
  'sagemcom-fast5670': sagemcomFast5670,
  'scpd-missing': scpdMissing,
  'secure-by-718': secureBy718,
  'synology-srm': synologySrm,
  'tp-link-archer-ax1800': tpLinkArcherAx1800,
  'tp-link-archer-ax72': tpLinkArcherAx72,
  'tp-link-archer-vr2100v': tpLinkArcherVr2100v,
  'tp-link-er605': tpLinkEr605,
  'tp-link-tl-r470t': tpLinkTlR470t,
  'ubiquiti-udm-pro': ubiquitiUdmPro,
  'unicast-only': unicastOnly,
  'verizon-cr1000a': verizonCr1000a,
  'yamaha-rtx810': yamahaRtx810,
  'zero-external-address': zeroExternalAddress,
};
