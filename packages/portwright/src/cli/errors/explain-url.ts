/** Errors about the URL or the file of a device description that the user passed. */
import { printable, type MalformedError, type PortwrightError } from '@portwright/core';

/** The same error. Its message names the URL. */
export function explainUrl<E extends PortwrightError>(url: string, error: E, hint: string): E {
  if (error.kind === 'malformed') return { ...error, message: unreadable(url, error), hint };
  if (error.kind !== 'transport' || error.code === 'aborted') return error;
  const isStatus = error.code === 'http-status';
  const said = error.message.includes(url) ? error.message : `${url}: ${error.message}`;
  const message = isStatus ? `there is no device description at ${url}, but HTTP ${error.status}` : said;
  return { ...error, message, hint };
}

/** The same for a file. */
export function explainFile(path: string, body: Uint8Array, error: MalformedError): MalformedError {
  const text = new TextDecoder().decode(body.subarray(0, 4096)).replaceAll('\0', '');
  const begins = printable(text.slice(0, 60)).replaceAll(/\s+/g, ' ');
  const message = isDescription(text)
    ? `the device description in ${path} can't be read: ${error.message}`
    : `${path} is not a device description: ${begins === '' ? 'it is empty' : `it begins with "${begins}"`}`;
  return { ...error, message, hint: FROM_A_ROUTER };
}

const FROM_A_ROUTER =
  'A device description is the XML document of a router. The discover command shows its URL: save it from there.';

/** A broken description gets the core's message, which says where it is broken. */
function unreadable(url: string, error: MalformedError): string {
  if (isDescription(error.excerpt)) return `the device description at ${url} can't be read: ${error.message}`;
  return `there is no device description at ${url}, but ${error.excerpt.trim() === '' ? 'nothing' : `"${error.excerpt}"`}`;
}

function isDescription(text: string): boolean {
  return /<(?:[\w.-]+:)?(?:root|device)(?![\w.-])/i.test(text);
}
