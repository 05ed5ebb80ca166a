import type { HttpRequest, HttpResponse } from '@portwright/core';

/** RFC 9110, 5.6.2: what a method and a header's name are made of. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Whether a request can stand on a wire as one: a line break in a value would make it another. Other garbage may be sent,
 * to see what a gateway makes of it.
 */
export function isSendable({ method, headers }: HttpRequest): boolean {
  return TOKEN.test(method) && headers.every(([name, value]) => TOKEN.test(name) && !/[\r\n]/.test(value));
}

/** Whether a response has a content coding, which nobody asks for here. */
export function isEncoded({ headers }: HttpResponse): boolean {
  return headers.some(
    ([name, value]) =>
      name.toLowerCase() === 'content-encoding' && !['', 'identity'].includes(value.trim().toLowerCase()),
  );
}
