import { palette } from '../terminal/colour.ts';
import { glyphs } from '../terminal/glyphs.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** A terminal that keeps what was written to it: no colours, not live. */
export interface MemoryTerminal extends Terminal {
  readonly written: { out: string; err: string };
}

export function memoryTerminal(columns = 80): MemoryTerminal {
  const written = { out: '', err: '' };
  return {
    written,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    live: false,
    outIsTty: false,
    columns: () => columns,
    outPalette: palette('none'),
    errPalette: palette('none'),
    glyphs: glyphs(true),
    screen: {
      write: (text) => void (written.out += text),
      size: () => ({ columns, rows: 24 }),
      onResize: () => () => undefined,
    },
  };
}
