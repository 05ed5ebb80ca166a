/** A MAP request, taken apart and checked as far as its form goes (RFC 6887, 11.1, 11.3 and 13). */
import type { PeerFilter } from '../gateway/mapping-table.ts';
import { familyOf } from '../network/ip-address.ts';
import { addressOf, viewOf } from '../port-control/bytes.ts';
import {
  type MapData,
  mapLength,
  PCP_RESULT,
  type PcpRequest,
  readMapData,
  readRequestOptions,
  type RequestOption,
} from './pcp-message.ts';

const PREFER_FAILURE = 2;
const FILTER = 3;
/** RFC 6887, 7.3: an option from here on is optional to process. */
const OPTIONAL = 128;

export interface MapRequest extends MapData {
  readonly lifetimeSeconds: number;
  readonly isExact: boolean;
  /** Null: none was sent, and those that hold stay. */
  readonly filters: readonly PeerFilter[] | null;
  /** Those that are carried out, which a success repeats. */
  readonly options: readonly RequestOption[];
}

/** @returns the request, or the result code that refuses it */
export function readMapRequest(request: PcpRequest, filterCapacity: number): MapRequest | number {
  const data = readMapData(request);
  if (data === null) return PCP_RESULT.malformedRequest;
  // 11.1: "all protocols" go with "all ports".
  if (data.protocol === 0 && data.internalPort !== 0) return PCP_RESULT.malformedRequest;
  const all = readRequestOptions(request.body.subarray(mapLength(request.version)));
  if (all === null) return PCP_RESULT.malformedOption;
  const options = all.filter(({ code }) => code < OPTIONAL);
  // THIRD_PARTY (13.1) is for networks whose owner has allowed it.
  if (options.some(({ code }) => code !== PREFER_FAILURE && code !== FILTER)) return PCP_RESULT.unsupportedOption;
  const exact = options.filter(({ code }) => code === PREFER_FAILURE);
  // 13.2: it may stand once, has no data, and makes no sense where something is deleted.
  const isDeletion = request.lifetimeSeconds === 0;
  if (exact.length > 1 || exact.some(({ data: { length } }) => length > 0)) return PCP_RESULT.malformedOption;
  if (exact.length > 0 && isDeletion) return PCP_RESULT.malformedOption;
  const filters = readFilters(options.filter(({ code }) => code === FILTER));
  if (filters === 'malformed') return PCP_RESULT.malformedOption;
  if ((filters ?? []).length > filterCapacity) return PCP_RESULT.excessiveRemotePeers;
  return { ...data, lifetimeSeconds: request.lifetimeSeconds, isExact: exact.length > 0, filters, options };
}

/** 13.3: they add up, and a prefix length of 0 drops those that are there. */
function readFilters(options: readonly RequestOption[]): readonly PeerFilter[] | null | 'malformed' {
  if (options.length === 0) return null;
  let filters: readonly PeerFilter[] = [];
  for (const { data } of options) {
    if (data.length !== 20) return 'malformed';
    const bits = viewOf(data).getUint8(1);
    const address = addressOf(data.subarray(4));
    // An IPv4 address stands behind 96 bits of its IPv4-mapped form.
    const prefixLength = familyOf(address) === 'ipv4' ? bits - 96 : bits;
    if (bits === 0) filters = [];
    else if (bits > 128 || prefixLength < 0) return 'malformed';
    else filters = [...filters, { address, prefixLength, port: viewOf(data).getUint16(2) }];
  }
  return filters;
}
