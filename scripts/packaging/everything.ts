/** Every declaration of the packages that run anywhere, in a project with nothing but ECMAScript 2022. */
import * as core from '@portwright/core';
import * as mapping from '@portwright/core/mapping';
import * as pcp from '@portwright/core/pcp';
import * as result from '@portwright/core/result';
import * as tokens from '@portwright/core/tokens';
import * as upnp from '@portwright/core/upnp';
import * as simulator from '@portwright/transport-mock';

/** What a program without Node, without a page and without `using` does with a kept mapping. */
export async function keep(transport: core.Transport): Promise<boolean> {
  const kept = mapping.keepMapped(transport, { externalPort: 7777, protocol: 'UDP' });
  for await (const event of kept) if (event.kind === 'mapped') break;
  const closed = await kept.close();
  const disposable: AsyncDisposable = kept;
  await disposable[Symbol.asyncDispose]();
  return closed.isOk();
}

export const all: readonly object[] = [core, mapping, pcp, result, tokens, upnp, simulator];
