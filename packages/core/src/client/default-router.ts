/** The router that this host's Internet traffic goes through. */
import type { Transport } from '../ports.ts';

/** The IPv4 address of the preferred default router. Null: there is none, or the adapter can't know it. */
export async function ipv4DefaultRouter({ interfaces }: Pick<Transport, 'interfaces'>): Promise<string | null> {
  const routers = (await interfaces.defaultRouters?.())?.unwrapOr([]) ?? [];
  return routers.find(({ family }) => family === 'ipv4')?.address ?? null;
}
