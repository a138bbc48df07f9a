const firstCapacity = 64;

/** Numbers side by side in memory (8 bytes each), made for appending: live series stay out of React and of the garbage collector. */
export class GrowableColumn {
  #numbers = new Float64Array(firstCapacity);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** NaN beyond the end. */
  at(index: number): number {
    return index < this.#length ? (this.#numbers[index] ?? Number.NaN) : Number.NaN;
  }

  push(value: number): void {
    this.#reserve(this.#length + 1);
    this.#numbers[this.#length] = value;
    this.#length += 1;
  }

  /** `index` below `length`. */
  set(index: number, value: number): void {
    this.#numbers[index] = value;
  }

  /** Moves what follows: for the rare value that comes late. */
  insert(index: number, value: number): void {
    this.#reserve(this.#length + 1);
    this.#numbers.copyWithin(index + 1, index, this.#length);
    this.#numbers[index] = value;
    this.#length += 1;
  }

  /** Shortens to `length`; the memory is kept. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** First index whose value is not below `value`; the column must ascend. */
  lowerBound(value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #reserve(length: number): void {
    if (length <= this.#numbers.length) return;
    const larger = new Float64Array(this.#numbers.length * 2);
    larger.set(this.#numbers.subarray(0, this.#length));
    this.#numbers = larger;
  }
}
