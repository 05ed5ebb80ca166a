/** From a request to its outcome: which command it is, and what it works on. */
import { okAsync, ResultAsync, type Result } from '@portwright/core/result';
import { connect, connectUnasked, search } from './network/connect.ts';
import type { Host } from './host.ts';
import { map } from './commands/map.ts';
import type { CommandResult, Outcome, Tell } from './output/outcome.ts';
import type { Problem } from './errors/problem.ts';
import type { Request } from './arguments/requests.ts';

export async function carryOut(host: Host, request: Request, tell: Tell): Promise<Result<Outcome, Problem>> {
  switch (request.command) {
    case 'discover':
      return later(search(host, request), import('./commands/discover.ts'), ({ discovered }, found) =>
        discovered(found),
      );
    case 'ip':
      return later(connect(host, request), import('./commands/ip.ts'), ({ ip }, found) => ip(found));
    case 'status':
      return later(connect(host, request), import('./commands/status.ts'), ({ status }, found) =>
        status(host, found, request),
      );
    case 'watch':
      return later(connect(host, request), import('./commands/watch.ts'), ({ watch }, found) =>
        okAsync(watch(host, request, found)),
      );
    case 'list':
      return later(connectUnasked(host, request), import('./commands/list.ts'), ({ list }, found) =>
        list(found, host.signal),
      );
    case 'map':
      if (request.all) return (await import('./commands/map/map-all.ts')).mapAll(host, request);
      return connectUnasked(host, request).andThen((found) => map(host, found, request));
    case 'unmap':
      return later(connectUnasked(host, request), import('./commands/unmap.ts'), ({ unmap }, found) =>
        unmap(found, request),
      );
    case 'pinhole add':
    case 'pinhole update':
    case 'pinhole delete':
    case 'pinhole check':
    case 'pinhole timeout':
    case 'pinhole list':
      return later(connectUnasked(host, request), import('./commands/pinhole.ts'), ({ pinhole }, found) =>
        pinhole(found, request),
      );
    case 'describe':
      return (await import('./commands/describe.ts')).describe(host, request);
    case 'demo':
      return (await import('./commands/demo.ts')).demo(host);
    case 'simulate':
      // As much code as all the others together, with the gateways' data.
      return (await import('./commands/simulate.ts')).simulate(host, request);
    case 'conformance':
      return (await import('./commands/conformance.ts')).conformance(host, request, tell);
    case 'wan-host':
      return (await import('./commands/wan-host.ts')).wanHost(host, request);
  }
}

/** Loads what only this command needs while its gateway is looked for. */
function later<Found, Module>(
  found: ResultAsync<Found, Problem>,
  loading: Promise<Module>,
  work: (module: Module, found: Found) => CommandResult,
): CommandResult {
  const loaded = ResultAsync.fromSafePromise<Module, Problem>(loading);
  // Should it fail, that is told once the gateway is found, or not at all.
  loading.catch(() => undefined);
  return found.andThen((connected) => loaded.andThen((module) => work(module, connected)));
}
