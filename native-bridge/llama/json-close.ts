/** Finds the end of the first complete JSON object in text that arrives in pieces. Text before its opening brace is passed over. */
export class JsonCloseFinder {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #seen = 0;

  /** Takes the next piece. Returns the position behind the closing brace, counted from the very first piece, or null. */
  push(piece: string): number | null {
    for (const character of piece) {
      this.#seen += character.length;
      if (this.#closes(character)) return this.#seen;
    }
    return null;
  }

  #closes(character: string): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (character === '\\') this.#escaped = true;
      else if (character === '"') this.#inString = false;
      return false;
    }
    if (character === '{') this.#depth += 1;
    else if (this.#depth > 0 && character === '"') this.#inString = true;
    else if (this.#depth > 0 && character === '}') {
      this.#depth -= 1;
      return this.#depth === 0;
    }
    return false;
  }
}
