/** Numbers 0 to 4,294,967,295 in pieces, so that a long list grows without being copied: 4 bytes a number. */
export interface NumberList {
  readonly length: number;
  push(value: number): void;
  at(index: number): number;
}

const pieceBits = 16;
const pieceLength = 1 << pieceBits;

export function createNumberList(): NumberList {
  const pieces: Uint32Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      const place = length & (pieceLength - 1);
      if (place === 0) pieces.push(new Uint32Array(pieceLength));
      const piece = pieces.at(-1);
      if (piece !== undefined) piece[place] = value;
      length += 1;
    },
    at(index) {
      return pieces[index >>> pieceBits]?.[index & (pieceLength - 1)] ?? 0;
    },
  };
}
