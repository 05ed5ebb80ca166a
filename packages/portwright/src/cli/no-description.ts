/** What is wrong with a URL that a person gave for that of a device description. */
import type { MalformedError, PortwrightError } from '@portwright/core';

/** The same error in words that name the URL, and with what to do about it. */
export function explainUrl<E extends PortwrightError>(url: string, error: E, hint: string): E {
  if (error.kind === 'malformed') return { ...error, message: unreadable(url, error), hint };
  if (error.kind !== 'transport' || error.code === 'aborted') return error;
  const isStatus = error.code === 'http-status';
  const said = error.message.includes(url) ? error.message : `${url}: ${error.message}`;
  const message = isStatus ? `there is no device description at ${url}, but HTTP ${error.status}` : said;
  return { ...error, message, hint: error.hint ?? hint };
}

/** One that is broken is not taken for something else: what the core says of it tells where. */
function unreadable(url: string, { message, excerpt }: MalformedError): string {
  if (/<(?:[\w.-]+:)?(?:root|device)(?![\w.-])/i.test(excerpt)) {
    return `the device description at ${url} can't be read: ${message}`;
  }
  return `there is no device description at ${url}, but ${excerpt.trim() === '' ? 'nothing' : `"${excerpt}"`}`;
}
