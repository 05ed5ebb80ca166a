import { err, ok, type Result, ResultAsync } from '@portwright/core/result';
import { inconclusive, type Shortfall } from '../shortfall.ts';
import type { SoapAnswer } from '../wire/soap-answer.ts';
import type { CallArguments } from '../wire/soap-request.ts';
import type { Caller } from './caller.ts';
import type { TableEntry } from './mapping-table.ts';
import type { PortSource } from './ports.ts';
import type { ServiceUnderTest, Values } from './service-under-test.ts';
import type { UndoList } from './undo.ts';

/** The arguments of AddPortMapping, by their specification names and in its order. */
export interface MappingArguments extends CallArguments {
  readonly NewRemoteHost: string;
  readonly NewExternalPort: number;
  readonly NewProtocol: string;
  readonly NewInternalPort: number;
  readonly NewInternalClient: string;
  readonly NewEnabled: 0 | 1;
  readonly NewPortMappingDescription: string;
  /** Seconds. */
  readonly NewLeaseDuration: number;
}

/** The arguments that name a mapping. */
export type MappingKey = Pick<MappingArguments, 'NewRemoteHost' | 'NewExternalPort' | 'NewProtocol'>;

export type AddAction = 'AddPortMapping' | 'AddAnyPortMapping';

/** Mappings on one connection service. Whatever was made here is deleted when the check is over. */
export interface Mappings {
  /** A mapping to this host on a port of its own, the same inside and outside, for ten minutes; but for the changes. */
  propose(changes?: Partial<MappingArguments>): MappingArguments;
  /** Asks for a mapping, and gives the answer as it is. @param from - who asks; default: this host */
  tryAdd(mapping: MappingArguments, from?: Caller, action?: AddAction): ResultAsync<SoapAnswer, Shortfall>;
  /**
   * Makes a mapping that a check builds on: without it, it is inconclusive. Where a finite lease is refused, the mapping
   * is permanent: 725 is not the only word that gateways have for that.
   */
  add(changes?: Partial<MappingArguments>, from?: Caller): ResultAsync<MappingArguments, Shortfall>;
  /** What GetSpecificPortMappingEntry says of it. */
  read(key: MappingKey, from?: Caller): ResultAsync<Values, Shortfall>;
  /**
   * Goes on where the gateway says that these ports are not mapped. To be asked before a range is deleted: the table may
   * hold more than could be read of it, and there are gateways that delete whatever is in a range, whoever asks (miniupnpd).
   */
  areNone(ports: readonly number[]): ResultAsync<void, Shortfall>;
}

/** That there is no such mapping: 714 as it should be, and what else is known of gateways. */
const NO_SUCH_ENTRY: readonly number[] = [714, 713, 402];

/** How a mapping of the suite's is recognised, after a crash too. */
export const DESCRIPTION_PREFIX = 'portwright-conformance';

/** `portwright-conformance 1a2b3c4d 192.168.1.2`: the run's name, and the host that made it, whoever it leads to. */
export function descriptionOf(run: string, maker: string): string {
  return `${DESCRIPTION_PREFIX} ${run} ${maker}`;
}

export function keyOf({ NewRemoteHost, NewExternalPort, NewProtocol }: MappingKey): MappingKey & CallArguments {
  return { NewRemoteHost, NewExternalPort, NewProtocol };
}

/** The arguments that name an entry of the table. */
export function keyOfEntry({ remoteHost, externalPort, protocol }: TableEntry): MappingKey & CallArguments {
  return { NewRemoteHost: remoteHost, NewExternalPort: externalPort, NewProtocol: protocol };
}

export interface MappingsOptions {
  readonly service: ServiceUnderTest;
  readonly self: Caller;
  readonly run: string;
  readonly ports: PortSource;
  readonly undoing: UndoList;
}

export function mappingsOn({ service, self, run, ports, undoing }: MappingsOptions): Mappings {
  const propose: Mappings['propose'] = (changes = {}) => {
    const port = changes.NewExternalPort ?? ports.next();
    return {
      NewRemoteHost: '',
      NewExternalPort: port,
      NewProtocol: 'TCP',
      NewInternalPort: port,
      NewInternalClient: self.address,
      NewEnabled: 1,
      NewPortMappingDescription: descriptionOf(run, self.address),
      NewLeaseDuration: 600,
      ...changes,
    };
  };
  const tryAdd: Mappings['tryAdd'] = (mapping, from = self, action = 'AddPortMapping') => {
    // Remembered before it is asked for: the mapping may be there although the answer got lost.
    const remember = (key: MappingKey): (() => void) => undoing.add(nameOf(key), () => remove(service, key, from));
    const forget = remember(mapping);
    return service.call(action, mapping, { from }).andTee(({ values, code }) => {
      const reserved = Number(values?.get('NewReservedPort') ?? mapping.NewExternalPort);
      const isElsewhere = reserved !== mapping.NewExternalPort;
      // What was refused, or made elsewhere, is not there, or is somebody else's.
      if (code !== null || isElsewhere) forget();
      if (isElsewhere) remember({ ...mapping, NewExternalPort: reserved });
    });
  };
  const read: Mappings['read'] = (key, from) =>
    service.succeed('GetSpecificPortMappingEntry', keyOf(key), from === undefined ? {} : { from });
  const add: Mappings['add'] = (changes, from = self) => {
    const wanted = propose({ NewInternalClient: from.address, ...changes });
    return tryAdd(wanted, from)
      .andThen((answer) => {
        const permanent = { ...wanted, NewLeaseDuration: 0 };
        if (answer.code === null || wanted.NewLeaseDuration === 0) return ok({ mapping: wanted, answer });
        return tryAdd(permanent, from).map((second) => ({ mapping: permanent, answer: second }));
      })
      .andThen(({ mapping, answer }) =>
        answer.values === null
          ? err<MappingArguments, Shortfall>({
              kind: 'inconclusive',
              expected: `${nameOf(mapping)} to begin with`,
              actual: answer.summary,
            })
          : ok(mapping),
      )
      .mapErr((shortfall) => ({ ...shortfall, kind: 'inconclusive' }));
  };
  const areNone: Mappings['areNone'] = (numbers) => new ResultAsync(noneOf(service, numbers));
  return { propose, tryAdd, add, read, areNone };
}

export function nameOf({ NewProtocol, NewExternalPort, NewRemoteHost }: MappingKey): string {
  return `a mapping of ${NewProtocol} ${NewExternalPort}${NewRemoteHost === '' ? '' : ` for ${NewRemoteHost}`}`;
}

async function noneOf(service: ServiceUnderTest, ports: readonly number[]): Promise<Result<void, Shortfall>> {
  for (const NewExternalPort of ports) {
    for (const NewProtocol of ['TCP', 'UDP']) {
      const key = { NewRemoteHost: '', NewExternalPort, NewProtocol };
      const answer = await service.call('GetSpecificPortMappingEntry', key);
      if (answer.isErr()) return err(answer.error);
      const { code, summary } = answer.value;
      if (code === null || !NO_SUCH_ENTRY.includes(code))
        return inconclusive(`no mapping of ${NewProtocol} ${NewExternalPort}`, summary);
    }
  }
  return ok(undefined);
}

/** Deletes a mapping that may be there. @returns whether it is gone */
async function remove(service: ServiceUnderTest, key: MappingKey, from: Caller): Promise<boolean> {
  const deleted = await service.call('DeletePortMapping', keyOf(key), { from });
  if (deleted.isOk() && (deleted.value.values !== null || deleted.value.code === 714)) return true;
  // Some gateways have other words for a mapping that isn't there.
  const left = await service.call('GetSpecificPortMappingEntry', keyOf(key), { from });
  return left.isOk() && left.value.code !== null;
}
