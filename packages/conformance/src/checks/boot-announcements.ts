/** What a gateway multicasts around a boot, and what of it belongs to the boot. */

/** Milliseconds of silence while a gateway comes up, at least. */
export const DOWN_MS = 10_000;

export const ALIVE = 'ssdp:alive';
export const BYEBYE = 'ssdp:byebye';

export interface Announcement {
  readonly nts: string;
  /** "increased on each initial announce" (UDA 1.1, 1.2.2). */
  readonly bootId: string | undefined;
  /** Milliseconds for which there was silence before it. */
  readonly pauseMs: number;
}

/**
 * How the boot began: with an ssdp:byebye, or with an ssdp:alive. `unclear`: what was heard can't be told from what is sent
 * before a boot. `none`: nothing was heard of it.
 */
export type Beginning = 'byebye' | 'alive' | 'unclear' | 'none';

/**
 * Until the gateway goes down it repeats its ssdp:alive as it always does, and when it is switched off in order it says
 * ssdp:byebye: neither is of the boot. They have the BOOTID of before; where there is none, no pause is before them that a
 * boot would fit into. WANIPConnection:2, 2.3.23 has the byebye right before the first ssdp:alive.
 */
export function beginningOf(heard: readonly Announcement[], formerBootId: string | undefined): Beginning {
  const ages = agesOf(heard, formerBootId);
  const first = heard.findIndex(({ nts }, at) => nts === ALIVE && ages[at] === 'new');
  if (first < 0) return heard.some(({ nts }, at) => nts === ALIVE && ages[at] === 'unclear') ? 'unclear' : 'none';
  let begin = first;
  while (heard[begin - 1]?.nts === BYEBYE && (heard[begin]?.pauseMs ?? 0) < DOWN_MS) begin -= 1;
  const byebyes = ages.slice(begin, first);
  if (byebyes.includes('new')) return 'byebye';
  return byebyes.includes('unclear') ? 'unclear' : 'alive';
}

type Age = 'old' | 'new' | 'unclear';

function agesOf(heard: readonly Announcement[], formerBootId: string | undefined): readonly Age[] {
  let isAfterSilence = false;
  return heard.map(({ bootId, pauseMs }): Age => {
    isAfterSilence ||= pauseMs >= DOWN_MS;
    if (bootId !== undefined && formerBootId !== undefined) return bootId === formerBootId ? 'old' : 'new';
    return isAfterSilence ? 'new' : 'unclear';
  });
}
