/** Bits of a braille character by [row][column] of its 4 x 2 dots (Unicode block U+2800). */
const dotBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** A drawing of lines with two by four dots in each character. */
export interface BrailleCanvas {
  /** Draws from (x0, y0) to (x1, y1), both ends in 0..1 of the canvas, y upwards. */
  line(from: readonly [number, number], to: readonly [number, number]): void;
  /** The character of a cell, or a blank when nothing was drawn there. Row 0 is the top. */
  cell(row: number, column: number): string;
}

/** An empty canvas of `columns` x `rows` characters. Without braille a drawn cell shows `asciiSign`. */
export function brailleCanvas(columns: number, rows: number, asciiSign: string | null): BrailleCanvas {
  const bits = new Uint8Array(columns * rows);
  const dotsWide = columns * 2 - 1;
  const dotsHigh = rows * 4 - 1;
  const put = (x: number, y: number): void => {
    const dotX = Math.min(dotsWide, Math.max(0, Math.round(x)));
    const dotY = Math.min(dotsHigh, Math.max(0, Math.round(y)));
    const index = Math.floor(dotY / 4) * columns + Math.floor(dotX / 2);
    bits[index] = (bits[index] ?? 0) | (dotBits[dotY % 4]?.[dotX % 2] ?? 0);
  };
  return {
    line([fromX, fromY], [toX, toY]) {
      const startX = fromX * dotsWide;
      const startY = (1 - fromY) * dotsHigh;
      const acrossX = toX * dotsWide - startX;
      const acrossY = (1 - toY) * dotsHigh - startY;
      const count = Math.max(1, Math.ceil(Math.max(Math.abs(acrossX), Math.abs(acrossY))));
      for (let index = 0; index <= count; index += 1)
        put(startX + (acrossX * index) / count, startY + (acrossY * index) / count);
    },
    cell(row, column) {
      const value = bits[row * columns + column] ?? 0;
      if (value === 0) return ' ';
      return asciiSign ?? String.fromCodePoint(0x2800 + value);
    },
  };
}
