import type { DefaultRouter, InterfacesPort } from '@portwright/core';
import { ok, type Result } from '@portwright/core/result';
import type { Shortfall } from '../shortfall.ts';
import type { ContractCase } from './contract-case.ts';
import { given, same, succeeds, withoutZone } from './expectations.ts';

const showRouters = (routers: readonly DefaultRouter[]): string =>
  routers.map(({ name, address }) => `${name} ${address}`).join(', ');

/** None of a port that can't know them. */
async function defaultRouters(interfaces: InterfacesPort): Promise<Result<readonly DefaultRouter[], Shortfall>> {
  return succeeds('an answer', (await interfaces.defaultRouters?.()) ?? ok([]));
}

/** What a host knows of the routers that lead to the Internet. */
export const DEFAULT_ROUTERS: readonly ContractCase<InterfacesPort>[] = [
  {
    id: 'interfaces/default-routers',
    what: 'Each default router has an address of its family, and an interface.',
    clause: 'DefaultRouter: The next hop of a default route.',
    needs: [],
    check: async function* (interfaces) {
      const routers = yield* await defaultRouters(interfaces);
      const wrong = routers.filter(
        ({ name, family, address }) =>
          name === '' ||
          !(family === 'ipv4' ? /^(?:\d{1,3}\.){3}\d{1,3}$/ : /^[\da-f:]+(?:%|$)/i).test(address) ||
          (family === 'ipv6') !== address.includes(':'),
      );
      yield* same('routers without an interface or an address', '', showRouters(wrong));
    },
  },
  {
    id: 'interfaces/default-routers-next-hop',
    what: 'A default route without a next hop has no router.',
    clause: 'InterfacesPort.defaultRouters: A default route without a next hop (a tunnel) has none.',
    needs: [],
    check: async function* (interfaces) {
      const routers = yield* await defaultRouters(interfaces);
      const wildcards = routers.filter(({ address }) => address === '0.0.0.0' || address === '::');
      yield* same('routers without an address', '', showRouters(wildcards));
    },
  },
  {
    id: 'interfaces/default-routers-zone',
    what: 'A default router at a link-local IPv6 address has its zone, and no other has one.',
    clause: 'DefaultRouter.address: A link-local IPv6 address has its zone',
    needs: [],
    check: async function* (interfaces) {
      const routers = yield* await defaultRouters(interfaces);
      const wrong = routers.filter(({ address }) => /^fe[89ab]/i.test(address) !== /%./.test(address));
      yield* same('routers with a zone too few or too many', '', showRouters(wrong));
    },
  },
  {
    id: 'interfaces/default-routers-order',
    what: 'All default routers are listed, the preferred one of each family first.',
    clause: 'InterfacesPort.defaultRouters: of each family the one that the system prefers first',
    needs: ['default-routers'],
    check: async function* (interfaces, bench) {
      if (interfaces.defaultRouters === undefined) return;
      const expected = yield* given('the default routers', bench.peer.defaultRouters);
      const routers = yield* await defaultRouters(interfaces);
      const key = ({ name, address }: DefaultRouter): string => `${name} ${withoutZone(address)}`;
      for (const family of ['ipv4', 'ipv6']) {
        const wanted = expected.filter((one) => one.family === family).map(key);
        const listed = routers.filter((one) => one.family === family).map(key);
        // What is listed beside them has cases of its own.
        yield* same(
          `the ${family} routers`,
          wanted,
          listed.filter((one) => wanted.includes(one)),
        );
      }
    },
  },
];
