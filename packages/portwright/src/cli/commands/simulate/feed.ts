import type { Exchange } from '@portwright/transport-mock';

/** What happens, passed on one by one, to a listener that may come late. */
export interface Feed {
  readonly push: (exchange: Exchange) => void;
  /** Passes on what has been kept, and from then on each as it comes. */
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
