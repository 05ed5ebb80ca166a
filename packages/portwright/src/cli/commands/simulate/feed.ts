import type { Exchange } from '@portwright/transport-mock';

/** Passes exchanges on to a listener that may start late. */
export interface Feed {
  readonly push: (exchange: Exchange) => void;
  /** Passes on the exchanges so far, and then each new one. */
  readonly listen: (listener: (exchange: Exchange) => void) => void;
}

export function feed(): Feed {
  const kept: Exchange[] = [];
  let pass = (exchange: Exchange): void => {
    kept.push(exchange);
  };
  return {
    push: (exchange) => {
      pass(exchange);
    },
    listen: (listener) => {
      pass = listener;
      kept.splice(0).forEach(listener);
    },
  };
}
