import { colourDepth, palette, type Palette } from './colour.ts';
import { glyphs, showsUnicode, type Glyphs } from './glyphs.ts';
import type { LiveScreen } from './live-view.ts';

/** The two streams of the command and what they can show. */
export interface Terminal {
  /** Standard output: results. */
  out(text: string): void;
  /** Standard error: progress and errors. */
  err(text: string): void;
  /** True when both streams are terminals, so a live view may be drawn. */
  readonly live: boolean;
  readonly outIsTty: boolean;
  /** Usable columns, 40 to 160 unless the terminal is narrower. */
  columns(): number;
  readonly outPalette: Palette;
  readonly errPalette: Palette;
  readonly glyphs: Glyphs;
  readonly screen: LiveScreen;
}

const widestText = 160;

function columnsOf(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): number {
  const told = Number(environment['COLUMNS']);
  if (!stream.isTTY) return Number.isInteger(told) && told >= 20 ? told : 80;
  return stream.columns > 0 ? stream.columns : 80;
}

const showCursor = '\u001b[?25h';

/** Standard output as a screen for live views; whatever ends the process, the cursor is given back. */
function processScreen(environment: NodeJS.ProcessEnv): LiveScreen {
  const { stdout } = process;
  let isDrawn = false;
  process.once('exit', () => isDrawn && stdout.write(showCursor));
  return {
    write: (text) => {
      isDrawn = true;
      stdout.write(text);
    },
    size: () => ({
      columns: Math.min(widestText, columnsOf(stdout, environment)),
      rows: stdout.rows > 0 ? stdout.rows : 24,
    }),
    onResize: (callback) => {
      stdout.on('resize', callback);
      return () => void stdout.off('resize', callback);
    },
  };
}

/** The terminal of this process. */
export function processTerminal(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): Terminal {
  const { stdout, stderr } = process;
  const outIsTty = stdout.isTTY === true;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    live: outIsTty && stderr.isTTY === true && environment['TERM'] !== 'dumb',
    outIsTty,
    columns: () => Math.min(widestText, columnsOf(stdout, environment)),
    outPalette: palette(colourDepth(environment, outIsTty)),
    errPalette: palette(colourDepth(environment, stderr.isTTY === true)),
    glyphs: glyphs(showsUnicode(environment, platform)),
    screen: processScreen(environment),
  };
}
