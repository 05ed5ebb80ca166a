/** What a {@link TimerHeap} holds: ordered by when it is due, then by when it was added. */
export interface Timer {
  readonly due: number;
  readonly sequence: number;
  /** Its place in the heap, kept by the heap; -1 outside of it. */
  position: number;
}

/** A binary heap of timers: adding, removing any one and taking the next cost the logarithm of their number. */
export class TimerHeap<T extends Timer> {
  readonly #timers: T[] = [];

  get size(): number {
    return this.#timers.length;
  }

  /** The timer that is due next. */
  peek(): T | undefined {
    return this.#timers[0];
  }

  add(timer: T): void {
    this.#timers.push(timer);
    this.#rise(timer, this.#timers.length - 1);
  }

  /** False when it isn't there (any more). */
  remove(timer: T): boolean {
    const { position } = timer;
    if (this.#timers[position] !== timer) return false;
    timer.position = -1;
    const last = this.#timers.pop();
    if (last !== undefined && last !== timer) {
      this.#rise(last, position);
      this.#sink(last, last.position);
    }
    return true;
  }

  #rise(timer: T, from: number): void {
    let position = from;
    while (position > 0) {
      const parentPosition = (position - 1) >> 1;
      const parent = this.#timers[parentPosition] as T;
      if (!isBefore(timer, parent)) break;
      this.#put(parent, position);
      position = parentPosition;
    }
    this.#put(timer, position);
  }

  #sink(timer: T, from: number): void {
    let position = from;
    for (;;) {
      const left = 2 * position + 1;
      let child = this.#timers[left];
      if (child === undefined) break;
      const right = this.#timers[left + 1];
      if (right !== undefined && isBefore(right, child)) child = right;
      if (!isBefore(child, timer)) break;
      const next = child.position;
      this.#put(child, position);
      position = next;
    }
    this.#put(timer, position);
  }

  #put(timer: T, position: number): void {
    this.#timers[position] = timer;
    timer.position = position;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.sequence < b.sequence);
}
