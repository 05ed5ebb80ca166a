/** What the other packages of the project share with the core. Programs do not need it, and it may change in any version. */
export * from './arguments.ts';
export { transportHints } from './hints.ts';
export { damageWarnings } from './client/gateway-warnings.ts';
export { noGatewayError, noGatewayHint, type Remedies } from './client/no-gateway.ts';
export { LATE_MS } from './client/search.ts';
export { budgetFor } from './mapping/internal/budget.ts';
export { listenForMappers } from './mapping/find-mapper.ts';
export { jitteredDelay } from './mapping/keeper/retry-delay.ts';
export { encodeJournal } from './mapping/leases/journal-file.ts';
export { isOn } from './mapping/same-gateway.ts';
