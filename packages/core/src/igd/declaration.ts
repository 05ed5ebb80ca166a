/**
 * How a service is declared: each action once, as data. The types of a call, its encoding and its decoding all follow
 * from the declaration, so that adding an action takes a line.
 */

/** The values of each UPnP data type (UDA 1.1, 2.5) that the gateway's services use. */
export interface ArgumentValues {
  readonly string: string;
  /** 0..65535. */
  readonly ui2: number;
  /** 0..4294967295. */
  readonly ui4: number;
  /**
   * A number that only people look at: counters, bit rates and times. A whole number from 0 to 2^53 - 1, so that it is exact, and
   * JSON can carry it. Stock miniupnpd sends counters of 64 bits. Others send one of 32 bits with a sign (-531985522): it
   * is read as the number without the sign that has the same bits.
   */
  readonly count: number;
  readonly boolean: boolean;
  /** The transport protocol of a mapping, in upper case on the wire: some routers compare it byte by byte. */
  readonly protocol: 'TCP' | 'UDP';
}

type BaseType = keyof ArgumentValues;

/**
 * The type of an argument. A question mark says that a gateway may leave it out or fill it with something else (an
 * uptime of "0 Days, 01:00:00" has been seen); it is null then, and the rest of the answer is still good.
 */
export type ArgumentType = BaseType | `${BaseType}?`;

/** Arguments by their specification names, in specification order, which is the order on the wire. */
export type ArgumentTypes = Readonly<Record<string, ArgumentType>>;

export interface ActionDeclaration {
  readonly in: ArgumentTypes;
  readonly out: ArgumentTypes;
}

export interface ServiceDeclaration {
  /** The part of the service type before the version: `WANIPConnection`. */
  readonly name: string;
  readonly actions: Readonly<Record<string, ActionDeclaration>>;
  /** The service's own error codes and their specification names. */
  readonly faults: Readonly<Record<number, string>>;
}

type ValueOf<T extends ArgumentType> = T extends `${infer Base extends BaseType}?`
  ? ArgumentValues[Base] | null
  : T extends BaseType
    ? ArgumentValues[T]
    : never;

type Values<T extends ArgumentTypes> = { readonly [Name in keyof T]: ValueOf<T[Name]> };

export type ActionName<S extends ServiceDeclaration> = keyof S['actions'] & string;
/** What a call of the action takes. */
export type ActionInput<S extends ServiceDeclaration, A extends ActionName<S>> = Values<S['actions'][A]['in']>;
/** What the action answers. */
export type ActionOutput<S extends ServiceDeclaration, A extends ActionName<S>> = Values<S['actions'][A]['out']>;
