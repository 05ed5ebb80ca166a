/** The files of a conformance run: known failures, read before it, and reports, written after it. */
import { constants } from 'node:fs';
import { access, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  parseKnownFailures,
  reportHtml,
  reportJson,
  reportJUnit,
  reportTap,
  reportText,
  type KnownFailure,
  type Report,
} from '@portwright/conformance';
import { err, ok, ResultAsync, type Result } from '@portwright/core/result';
import type { FileError, UsageError } from '../../errors/problem.ts';
import { printableJson } from '../../output/printable-json.ts';

export type ReportFormat = 'html' | 'json' | 'junit' | 'tap' | 'text';

export interface ReportFile {
  readonly path: string;
  readonly format: ReportFormat;
}

/** By the ending of the file's name. */
export const REPORT_FORMATS: Readonly<Record<string, ReportFormat>> = {
  html: 'html',
  json: 'json',
  xml: 'junit',
  tap: 'tap',
  txt: 'text',
};

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'no such folder',
  EISDIR: 'is a folder',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
};

/** The known failures of a file. Errors: the file can't be read, or a line of it is wrong. */
export function readListed(path: string, invocation: string): ResultAsync<readonly KnownFailure[], UsageError> {
  const refused = (reason: string): UsageError => usageError('--known-failures', path, reason, invocation);
  return ResultAsync.fromPromise(readFile(path, 'utf8'), (error) => refused(reasonOf(error))).andThen((text) =>
    parseKnownFailures(text).mapErr(({ message }) => refused(message)),
  );
}

/**
 * Errors: the first file that can't be written, or is given twice. No file is created yet: it would stay empty if the run
 * failed.
 */
export async function refuseUnwritable(
  files: readonly ReportFile[],
  invocation: string,
): Promise<Result<void, UsageError>> {
  for (const [index, { path }] of files.entries()) {
    const isTwice = files.slice(0, index).some((one) => resolve(one.path) === resolve(path));
    const reason = isTwice ? 'is given twice' : await whyNot(path);
    if (reason !== null) return err(usageError('--report', path, reason, invocation));
  }
  return ok(undefined);
}

async function whyNot(path: string): Promise<string | null> {
  try {
    const there = await stat(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    });
    if (there?.isDirectory() === true) return 'is a folder';
    if (there === null && !(await isFolder(dirname(path)))) return 'no such folder';
    await access(there === null ? dirname(path) : path, constants.W_OK);
    return null;
  } catch (thrown) {
    return reasonOf(thrown);
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The files that were written, and the error of the first that was not. */
export interface Written {
  readonly paths: readonly string[];
  readonly problem: FileError | undefined;
}

/** Writes every report, also after one has failed. */
export async function writeReports(report: Report, files: readonly ReportFile[]): Promise<Written> {
  const paths: string[] = [];
  let problem: FileError | undefined;
  for (const { path, format } of files) {
    const written = await ResultAsync.fromPromise(writeFile(path, FORMATS[format](report)), (error): FileError => ({
      kind: 'file',
      code: (error as NodeJS.ErrnoException).code ?? 'EUNKNOWN',
      message: `cannot write the report ${path}: ${reasonOf(error)}`,
      hint: 'Pass another file with --report.',
    }));
    if (written.isOk()) paths.push(path);
    else problem ??= written.error;
  }
  return { paths, problem };
}

const FORMATS: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  html: reportHtml,
  json: (report) => `${printableJson(reportJson(report))}\n`,
  junit: reportJUnit,
  tap: reportTap,
  text: (report) => reportText(report),
};

function reasonOf(thrown: unknown): string {
  const { code = 'EUNKNOWN' } = thrown as NodeJS.ErrnoException;
  return WORDS[code] ?? code;
}

function usageError(option: string, path: string, reason: string, invocation: string): UsageError {
  const message = `${option}: ${path}: ${reason}`;
  return { kind: 'usage', code: 'bad-value', message, hint: `See: ${invocation} conformance --help` };
}
