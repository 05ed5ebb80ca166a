import type { Complete } from '../with-defaults.ts';

/** How a gateway writes its SOAP answers. The defaults are the specification's own example (UDA 1.0, 3.2.2). */
export interface AnswerOptions {
  /** The namespace prefix of Envelope, Body and Fault. Default: `s`. */
  readonly envelopePrefix?: string | undefined;
  /** The namespace prefix of the answer. Default: `u`. */
  readonly actionPrefix?: string | undefined;
  /** What stands before the root, line end included; an empty string for none. Default: `<?xml version="1.0"?>\r\n`. */
  readonly xmlDeclaration?: string | undefined;
  /** What stands between elements. Default: nothing. */
  readonly lineEnd?: string | undefined;
  /** What stands after the root. Default: a line end. */
  readonly trailing?: string | undefined;
  /** The namespace of every answer. Default: null, the service type that was asked. */
  readonly namespace?: string | null | undefined;
  /** Namespaces of the answers to single actions, by action. Default: none. */
  readonly namespaces?: Readonly<Record<string, string>> | undefined;
  /** Whether every output argument tells its type in an attribute `dt:dt`. Default: false. */
  readonly hasDataTypes?: boolean | undefined;
  /**
   * Names of output arguments that are written otherwise, by their right name. An empty name: the value stands directly in
   * the response element. Default: none.
   */
  readonly outputNames?: Readonly<Record<string, string>> | undefined;
  /** How an answer without output arguments is written. Default: `open-and-close`. */
  readonly emptyAnswer?: 'open-and-close' | 'self-closed' | undefined;
  /** The names of a fault's code and text. Default: `faultcode` and `faultstring`, as SOAP 1.1, 4.4 has them. */
  readonly faultElements?: readonly [code: string, text: string] | undefined;
  /** Whether a fault's errorCode and errorDescription leave the namespace of UPnPError: `xmlns=""`. Default: false. */
  readonly unqualifiesErrors?: boolean | undefined;
  /** errorDescription, by code, where it is not the specification's name. Default: none. */
  readonly errorTexts?: Readonly<Record<number, string>> | undefined;
  /** How the document in NewPortListing is made text: with references, or as CDATA. Default: `cdata`, which miniupnpc, goupnp and
   * Net::UPnP can all read. */
  readonly listing?: 'references' | 'cdata' | undefined;
}

export const ANSWER_DEFAULTS: Complete<AnswerOptions> = {
  envelopePrefix: 's',
  actionPrefix: 'u',
  xmlDeclaration: '<?xml version="1.0"?>\r\n',
  lineEnd: '',
  trailing: '\r\n',
  namespace: null,
  namespaces: {},
  hasDataTypes: false,
  outputNames: {},
  emptyAnswer: 'open-and-close',
  faultElements: ['faultcode', 'faultstring'],
  unqualifiesErrors: false,
  errorTexts: {},
  listing: 'cdata',
};
