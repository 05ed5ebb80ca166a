/** A report for programs. */
import { assertReport } from './check-report.ts';
import type { Endpoint, Headers, HttpRequest } from '@portwright/core';
import type { TableEntry } from '../bench/mapping-table.ts';
import type { Kind, Level, RequirementId } from '../checks/requirement.ts';
import type { KnownFailure } from '../run/known-failures.ts';
import type { Report, RunFacts, TableDifference, Uncompared } from '../run/result.ts';
import type { Verdict } from '../run/check-result.ts';
import type { Standing } from '../run/standing.ts';
import type { WireRecord } from '../wire/wire-record.ts';
import { objections, type Outcome, outcomeOf } from './outcome.ts';
import { hexOf, plainUtf8 } from './wire-text.ts';

/** What JSON.stringify makes of it is stable: another version has another number. Null stands for what there isn't. */
export interface ReportDocument extends RunFacts {
  readonly format: 'portwright-conformance-report';
  readonly version: 1;
  readonly isGood: boolean;
  /** Why it is not good, for people. */
  readonly objections: readonly string[];
  /** Of requirements, each of which counts once; `results` has those that were checked again after the writes twice. */
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly unexpectedPasses: readonly string[];
  readonly table: TableDifference | null;
  /** Why there is no `table`; null: there is one. */
  readonly uncompared: Uncompared | null;
  readonly swept: readonly TableEntry[];
  readonly leftovers: readonly string[];
  readonly wasAborted: boolean;
  readonly results: readonly ResultDocument[];
}

export interface ResultDocument {
  readonly id: RequirementId;
  readonly sentence: string;
  readonly clause: string;
  readonly level: Level;
  readonly kind: Kind;
  readonly verdict: Verdict;
  /** The verdict in the light of what is known of the gateway. */
  readonly standing: Standing;
  readonly known: KnownFailure | null;
  readonly isRepeated: boolean;
  readonly durationMs: number;
  /** Null for a pass, and so is the next. */
  readonly expected: string | null;
  readonly actual: string | null;
  readonly exchanges: readonly ExchangeDocument[];
}

/** Bytes as text where they are UTF-8 without control characters but tabs and line ends, else in hexadecimal. */
export interface BytesDocument {
  readonly encoding: 'utf-8' | 'hex';
  readonly data: string;
}

export interface RequestDocument {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: BytesDocument;
}

export interface ResponseDocument {
  readonly status: number;
  readonly headers: Headers;
  readonly body: BytesDocument;
}

/** `at` is in milliseconds on the transport's clock. Of an answer and an error one is null. */
export type ExchangeDocument =
  | {
      readonly kind: 'http';
      readonly at: number;
      readonly request: RequestDocument;
      readonly response: ResponseDocument | null;
      readonly error: { readonly code: string; readonly message: string } | null;
    }
  | { readonly kind: 'sent'; readonly at: number; readonly to: Endpoint; readonly payload: BytesDocument }
  | { readonly kind: 'received'; readonly at: number; readonly from: Endpoint; readonly payload: BytesDocument }
  | { readonly kind: 'event'; readonly at: number; readonly from: string; readonly request: RequestDocument };

/**
 * The report as data that JSON can carry, complete.
 *
 * What the gateway sent stands in it as it was: who writes it to a terminal escapes what may steer that.
 *
 * @example
 * ```ts
 * JSON.stringify(reportJson(report), null, 2);
 * ```
 */
export function reportJson(report: Report): ReportDocument {
  assertReport(report);
  return {
    format: 'portwright-conformance-report',
    version: 1,
    ...report,
    objections: objections(report),
    results: report.results.map((result) => resultDocument(outcomeOf(result))),
  };
}

function resultDocument({ result, standing, evidence }: Outcome): ResultDocument {
  const { requirement, verdict, known, isRepeated, durationMs } = result;
  const { id, sentence, clause, level, kind } = requirement;
  return {
    id,
    sentence,
    clause,
    level,
    kind,
    verdict,
    standing,
    known,
    isRepeated,
    durationMs,
    expected: evidence?.expected ?? null,
    actual: evidence?.actual ?? null,
    exchanges: (evidence?.exchanges ?? []).map(exchangeDocument),
  };
}

function exchangeDocument(record: WireRecord): ExchangeDocument {
  const { at } = record;
  switch (record.kind) {
    case 'http': {
      const { request, outcome } = record;
      const { response, error } = { response: null, error: null, ...outcome };
      return {
        kind: 'http',
        at,
        request: requestDocument(request),
        response:
          response === null
            ? null
            : { status: response.status, headers: response.headers, body: bytesDocument(response.body) },
        error: error === null ? null : { code: error.code, message: error.message },
      };
    }
    case 'event':
      return { kind: 'event', at, from: record.from, request: requestDocument(record.request) };
    case 'sent':
      return { kind: 'sent', at, to: record.to, payload: bytesDocument(record.payload) };
    case 'received':
      return { kind: 'received', at, from: record.from, payload: bytesDocument(record.payload) };
  }
}

function requestDocument({ method, url, headers, body }: HttpRequest): RequestDocument {
  return { method, url, headers, body: bytesDocument(body) };
}

function bytesDocument(bytes: Uint8Array): BytesDocument {
  const text = plainUtf8(bytes);
  return text === null ? { encoding: 'hex', data: hexOf(bytes) } : { encoding: 'utf-8', data: text };
}
