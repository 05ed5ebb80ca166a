/** What keeping a port for a day comes to on each router that the simulator can be; docs/mapping.md is written from it. */
import type { PersonaName } from '@portwright/transport-mock';
import type { KeepOutcome } from './keep-job.test-support.ts';
import type { MapPortOptions } from './map-port.ts';

export interface PersonaRow extends KeepOutcome {
  /** What is asked for beside the usual, so that the router's oddity shows. */
  readonly asks?: Partial<MapPortOptions>;
  /** How many mappings of another host are in the table already. */
  readonly occupied?: number;
  /** Its port is written into its description, and stays the same through a reboot. */
  readonly keepsPort?: boolean;
}

const BY_THE_BOOK: KeepOutcome = {
  granted: '7777 for 3600 s, verified',
  refused: '',
  warnings: '',
  events: 'mapped, renewed, address 5.5.5.98, restored, renewed, address 5.5.5.99, renewed',
  stood: 4,
  left: 0,
};

const PERMANENT: KeepOutcome = { ...BY_THE_BOOK, granted: '7777 for ever, verified', warnings: 'permanent' };

export const PERSONA_OUTCOMES: Readonly<Record<PersonaName, PersonaRow>> = {
  'answers-from-another-port': BY_THE_BOOK,
  'arris-tg4482a': {
    ...BY_THE_BOOK,
    granted: '7777 for 86400 s, verified',
    refused: '402',
    warnings: 'altered-lease',
  },
  'askey-rtf8316vw': {
    ...BY_THE_BOOK,
    granted: '7777 for 4294967295 s, verified',
    refused: '718',
    warnings: 'altered-lease',
  },
  'asus-rt-ax3000': BY_THE_BOOK,
  bbox: BY_THE_BOOK,
  'buffalo-wsr-1800ax4p': BY_THE_BOOK,
  cgnat: { ...BY_THE_BOOK, warnings: 'double-nat' },
  'cisco-cgm4331': { ...BY_THE_BOOK, granted: '7777 for 86400 s, verified', warnings: 'altered-lease' },
  'd-link-dir-x3260': BY_THE_BOOK,
  'disconnected-but-maps': { ...BY_THE_BOOK, warnings: 'disconnected' },
  'double-nat': { ...BY_THE_BOOK, warnings: 'double-nat' },
  dovado: BY_THE_BOOK,
  edgerouter: BY_THE_BOOK,
  'eero-pro-7': { ...BY_THE_BOOK, keepsPort: true },
  'empty-description-refused': { ...BY_THE_BOOK, asks: { description: '' } },
  'equal-ports-only': {
    ...BY_THE_BOOK,
    asks: { internalPort: 8888 },
    granted: '8888 for 3600 s, verified',
    refused: '724',
    warnings: 'altered-port',
  },
  'finite-leases-only': {
    ...BY_THE_BOOK,
    asks: { leaseSeconds: 0 },
    granted: '7777 for 604800 s, verified',
    refused: '402',
  },
  freebox: BY_THE_BOOK,
  'fritzbox-7590': { ...BY_THE_BOOK, occupied: 12, warnings: 'altered-description' },
  'fritzbox-7590-igd1': { ...BY_THE_BOOK, occupied: 12, warnings: 'altered-description' },
  'fritzbox-switched-off': {
    ...BY_THE_BOOK,
    granted: 'refused: 606',
    events: 'lost, address 5.5.5.98, address 5.5.5.99',
    stood: 0,
  },
  'funbox-6': BY_THE_BOOK,
  'huawei-dslforum': BY_THE_BOOK,
  igd1: BY_THE_BOOK,
  igd2: BY_THE_BOOK,
  keenetic: BY_THE_BOOK,
  'linksys-full': {
    ...BY_THE_BOOK,
    occupied: 32,
    granted: 'refused: absent, absent, absent, absent, absent, absent',
    events: 'lost, address 5.5.5.98, mapped, renewed, address 5.5.5.99, renewed',
    stood: 3,
  },
  livebox: BY_THE_BOOK,
  mikrotik: { ...PERMANENT, refused: '725' },
  miniupnpd: BY_THE_BOOK,
  'miniupnpd-igd1': BY_THE_BOOK,
  'nec-aterm': BY_THE_BOOK,
  'netgear-permanent': { ...PERMANENT, refused: '725' },
  'netgear-rax30': { ...BY_THE_BOOK, occupied: 12 },
  neufbox: BY_THE_BOOK,
  openwrt: BY_THE_BOOK,
  'openwrt-internal-port-zero': {
    ...BY_THE_BOOK,
    granted: '7777 for 3600 s, unverifiable',
    warnings: 'unverifiable',
  },
  'parallel-breaks': BY_THE_BOOK,
  pfsense: BY_THE_BOOK,
  'picky-soapaction': BY_THE_BOOK,
  'quotes-refused': {
    ...BY_THE_BOOK,
    asks: { description: 'a "game"' },
    refused: '402, 402',
    warnings: 'altered-description',
  },
  'renewal-refused': BY_THE_BOOK,
  'rootdevice-only': BY_THE_BOOK,
  'sagemcom-fast5670': BY_THE_BOOK,
  'scpd-missing': BY_THE_BOOK,
  'secure-by-718': BY_THE_BOOK,
  'synology-srm': BY_THE_BOOK,
  'tp-link-archer-ax1800': { ...BY_THE_BOOK, warnings: 'disconnected' },
  'tp-link-archer-ax72': { ...PERMANENT, refused: '501' },
  'tp-link-archer-vr2100v': BY_THE_BOOK,
  'tp-link-er605': BY_THE_BOOK,
  'tp-link-tl-r470t': { ...BY_THE_BOOK, warnings: 'double-nat' },
  'ubiquiti-udm-pro': BY_THE_BOOK,
  'unicast-only': BY_THE_BOOK,
  'yamaha-rtx810': BY_THE_BOOK,
  'zero-external-address': { ...BY_THE_BOOK, warnings: 'address-unknown' },
};
