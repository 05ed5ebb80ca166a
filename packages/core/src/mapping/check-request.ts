import { err, ok, type Result } from '../result.ts';
import { checkArguments, POLLED_OPTIONS } from '../arguments.ts';
import type { InvalidArgumentError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import { checkLease, checkPort, checkProtocol, DEFAULT_DESCRIPTION, type PortMapping } from '../port-mapping.ts';
import { DEFAULT_BUDGET_MS } from './internal/budget.ts';
import type { MapPortOptions } from './types.ts';

/** A mapping that is wanted, before it is known which address it leads to. */
export type RequestedMapping = Omit<PortMapping, 'internalClient'>;

/** Checks the options of a mapping, and fills in the defaults. */
export function checkRequest(options: MapPortOptions): Result<RequestedMapping, InvalidArgumentError> {
  const {
    externalPort,
    internalPort = externalPort,
    leaseSeconds = 3600,
    description,
    budgetMs = DEFAULT_BUDGET_MS,
  } = options;
  return checkArguments(['options', options, POLLED_OPTIONS])
    .andThen(() => checkPort('externalPort', externalPort))
    .andThen(() => checkPort('internalPort', internalPort))
    .andThen(() => checkLease(leaseSeconds))
    .andThen(() => (budgetMs > 0 ? ok() : err(invalidArgument('out-of-range', 'budgetMs', 'more than 0', budgetMs))))
    .andThen(() => checkProtocol(options.protocol))
    .map((protocol) => ({
      externalPort,
      protocol,
      remoteHost: '',
      internalPort,
      enabled: true,
      description: description?.trim() ? description : DEFAULT_DESCRIPTION,
      leaseSeconds,
    }));
}
