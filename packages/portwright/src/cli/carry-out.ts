/** From a request to its outcome: which command it is, and what it works on. */
import type { Result } from 'neverthrow';
import { connect, connectUnasked, search } from './connect.ts';
import { demo } from './demo.ts';
import { describe } from './describe.ts';
import { discovered } from './discover.ts';
import type { Host } from './host.ts';
import { ip } from './ip.ts';
import { list } from './list.ts';
import { map } from './map.ts';
import type { Outcome } from './outcome.ts';
import type { Problem } from './problem.ts';
import type { Request } from './requests.ts';
import { status } from './status.ts';
import { unmap } from './unmap.ts';

export async function carryOut(host: Host, request: Request): Promise<Result<Outcome, Problem>> {
  const { signal } = host;
  switch (request.command) {
    case 'discover':
      return search(host, request).andThen(discovered);
    case 'ip':
      return connect(host, request).andThen(ip);
    case 'status':
      return connect(host, request).andThen(status);
    case 'list':
      return connectUnasked(host, request).andThen((found) => list(found, signal));
    case 'map':
      return connectUnasked(host, request).andThen((found) => map(found, request, signal));
    case 'unmap':
      return connectUnasked(host, request).andThen((found) => unmap(found, request));
    case 'describe':
      return describe(host, request);
    case 'demo':
      return demo(host);
    case 'simulate':
      // As much code as all the others together, with the gateways' data.
      return (await import('./simulate.ts')).simulate(host, request);
  }
}
