/** How text is marked. One accent (what happens now, what is ours), grey for the rest, red and yellow only for a state. */
export interface Palette {
  readonly accent: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
}

type ColourDepth = 'none' | 'basic' | 'extended';

function paint(open: string, close: string): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`);
}

const plain = (text: string): string => text;

/** Colours for a depth: `extended` has the ember accent (256 colours), `basic` the terminal's own yellow. */
export function palette(depth: ColourDepth): Palette {
  if (depth === 'none') return { accent: plain, strong: plain, faint: plain, good: plain, warn: plain, bad: plain };
  return {
    accent: depth === 'extended' ? paint('38;5;173', '39') : paint('33', '39'),
    strong: paint('1', '22'),
    faint: depth === 'extended' ? paint('38;5;245', '39') : paint('2', '22'),
    good: paint('32', '39'),
    warn: paint('33', '39'),
    bad: paint('31', '39'),
  };
}

/**
 * What a stream may show. `NO_COLOR` (any value) beats everything (no-color.org); `FORCE_COLOR` other than `0` and `false` turns colour on
 * where there is no terminal; `TERM=dumb` has none.
 */
export function colourDepth(environment: NodeJS.ProcessEnv, isTty: boolean): ColourDepth {
  if ((environment['NO_COLOR'] ?? '') !== '') return 'none';
  const forced = environment['FORCE_COLOR'];
  if (forced === '0' || forced === 'false') return 'none';
  if (forced === undefined && (!isTty || environment['TERM'] === 'dumb')) return 'none';
  const term = environment['TERM'] ?? '';
  const rich =
    /256|truecolor|kitty|alacritty|ghostty/.test(term) ||
    (environment['COLORTERM'] ?? '') !== '' ||
    environment['WT_SESSION'] !== undefined;
  return rich || forced === '2' || forced === '3' ? 'extended' : 'basic';
}
