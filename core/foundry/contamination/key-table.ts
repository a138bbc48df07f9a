/** A 64-bit key as two halves. 32 bits alone gave 271 false hits in 98,500 rows, 53 bits none (D-12). */
export interface Key {
  readonly high: number;
  readonly low: number;
}

/** What is held under a key: a number, and in how many tasks the key was seen. */
export interface KeyEntry extends Key {
  readonly value: number;
  readonly tasks: number;
}

/** 64-bit keys with a number each, by open addressing over typed arrays: 42 to 84 bytes a key. */
export interface KeyTable {
  /** Holds `value` under a key that is new; counts one more task under one that is there, unless it was the last one counted. */
  count(key: Key, task: number): void;
  /** Adds an entry even where the key is there: one key may lead to several. */
  add(key: Key, value: number): void;
  entries(): Generator<KeyEntry, void, undefined>;
  /** Calls `found` with the number of each entry under a key. */
  find(high: number, low: number, found: (value: number) => void): void;
  readonly size: number;
}

const smallest = 1 << 10;

/** The arrays of a table; `tasks` is 0 where a slot is free. */
interface Slots {
  readonly highs: Uint32Array;
  readonly lows: Uint32Array;
  readonly values: Uint32Array;
  readonly tasks: Uint32Array;
  /** The last task that was counted. */
  readonly lasts: Uint32Array;
  /** Bloom filter with one bit of 8 to 16 for a key: most lookups end here, in the cache of the processor. */
  readonly bits: Uint32Array;
}

function makeSlots(length: number): Slots {
  const make = (): Uint32Array => new Uint32Array(length);
  return {
    highs: make(),
    lows: make(),
    values: make(),
    tasks: make(),
    lasts: make(),
    bits: new Uint32Array(length / 4),
  };
}

/** The slot of a key, or the free one where it would go. With `onlyFree` the latter in any case. */
function slotFor(slots: Slots, { high, low }: Key, onlyFree: boolean): number {
  const mask = slots.lows.length - 1;
  let slot = low & mask;
  while (slots.tasks[slot] !== 0) {
    if (!onlyFree && slots.lows[slot] === low && slots.highs[slot] === high) return slot;
    slot = (slot + 1) & mask;
  }
  return slot;
}

function entryAt({ highs, lows, values, tasks }: Slots, slot: number): KeyEntry {
  return { high: highs[slot] ?? 0, low: lows[slot] ?? 0, value: values[slot] ?? 0, tasks: tasks[slot] ?? 0 };
}

function fillSlot(slots: Slots, slot: number, { high, low, value, tasks, last }: KeyEntry & { last: number }): void {
  slots.highs[slot] = high;
  slots.lows[slot] = low;
  slots.values[slot] = value;
  slots.tasks[slot] = tasks;
  slots.lasts[slot] = last;
  const word = (high >>> 5) & (slots.bits.length - 1);
  slots.bits[word] = (slots.bits[word] ?? 0) | (1 << (high & 31));
}

function enlarged(slots: Slots): Slots {
  const larger = makeSlots(slots.lows.length * 2);
  for (let slot = 0; slot < slots.lows.length; slot += 1) {
    const entry = entryAt(slots, slot);
    if (entry.tasks > 0) fillSlot(larger, slotFor(larger, entry, true), { ...entry, last: slots.lasts[slot] ?? 0 });
  }
  return larger;
}

export function createKeyTable(): KeyTable {
  let slots = makeSlots(smallest);
  let size = 0;
  const put = (slot: number, key: Key, value: number): void => {
    fillSlot(slots, slot, { high: key.high, low: key.low, value, tasks: 1, last: value });
    size += 1;
    if (size * 2 > slots.lows.length) slots = enlarged(slots);
  };
  return {
    get size() {
      return size;
    },
    count(key, task) {
      const slot = slotFor(slots, key, false);
      if (slots.tasks[slot] === 0) return put(slot, key, task);
      if (slots.lasts[slot] === task) return;
      slots.tasks[slot] = (slots.tasks[slot] ?? 0) + 1;
      slots.lasts[slot] = task;
    },
    add(key, value) {
      put(slotFor(slots, key, true), key, value);
    },
    *entries() {
      const { length } = slots.lows;
      for (let slot = 0; slot < length; slot += 1) if (slots.tasks[slot] !== 0) yield entryAt(slots, slot);
    },
    find(high, low, found) {
      const { highs, lows, values, tasks, bits } = slots;
      if (((bits[(high >>> 5) & (bits.length - 1)] ?? 0) & (1 << (high & 31))) === 0) return;
      const mask = lows.length - 1;
      for (let slot = low & mask; tasks[slot] !== 0; slot = (slot + 1) & mask) {
        if (lows[slot] === low && highs[slot] === high) found(values[slot] ?? 0);
      }
    },
  };
}
