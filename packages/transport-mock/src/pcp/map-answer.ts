import type { MapData } from './pcp-message.ts';

/** What comes of a MAP request. */
export type MapAnswer = (MapGrant | MapRefusal) & {
  /** Milliseconds that it takes. Default: 0. */
  readonly delayMs?: number;
};

export interface MapGrant extends Pick<MapData, 'externalPort' | 'externalAddress'> {
  readonly result: 0;
  /** 0: it is deleted. */
  readonly lifetimeSeconds: number;
}

export interface MapRefusal {
  /** Not 0. */
  readonly result: number;
  /** For how long it holds. Default: by the result. */
  readonly errorSeconds?: number;
}

export function refuseMap(result: number): MapRefusal {
  return { result };
}

export function isGrant(answer: MapGrant | MapRefusal): answer is MapGrant {
  return answer.result === 0;
}
