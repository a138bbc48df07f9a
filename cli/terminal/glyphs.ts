/** The few signs the command line draws; the second set is for terminals that cannot show the first. */
export interface Glyphs {
  readonly done: string;
  readonly now: string;
  readonly later: string;
  readonly failed: string;
  readonly skipped: string;
  readonly barFull: string;
  readonly barEmpty: string;
  readonly rule: string;
  readonly heavyRule: string;
  readonly point: string;
  readonly axisTick: string;
  readonly axisLine: string;
  readonly axisCorner: string;
  readonly axisFloor: string;
  readonly ellipsis: string;
  readonly separator: string;
  readonly intervalStart: string;
  readonly intervalEnd: string;
  readonly dash: string;
  /** True: curves are drawn with braille dots (2 x 4 per character), else with one sign per character. */
  readonly braille: boolean;
}

const unicodeGlyphs: Glyphs = {
  done: '✓',
  now: '▸',
  later: '·',
  failed: '✗',
  skipped: '–',
  barFull: '━',
  barEmpty: '─',
  rule: '─',
  heavyRule: '━',
  point: '●',
  axisTick: '┤',
  axisLine: '│',
  axisCorner: '└',
  axisFloor: '─',
  ellipsis: '…',
  separator: '·',
  intervalStart: '├',
  intervalEnd: '┤',
  dash: '–',
  braille: true,
};

const asciiGlyphs: Glyphs = {
  done: 'x',
  now: '>',
  later: '.',
  failed: '!',
  skipped: '-',
  barFull: '#',
  barEmpty: '-',
  rule: '-',
  heavyRule: '=',
  point: 'o',
  axisTick: '+',
  axisLine: '|',
  axisCorner: '+',
  axisFloor: '-',
  ellipsis: '...',
  separator: '-',
  intervalStart: '[',
  intervalEnd: ']',
  dash: '-',
  braille: false,
};

export function glyphs(unicode: boolean): Glyphs {
  return unicode ? unicodeGlyphs : asciiGlyphs;
}

/** Whether the terminal shows more than ASCII: by the locale on Unix, yes for the terminals of Windows that set their names. */
export function showsUnicode(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform === 'win32') return environment['WT_SESSION'] !== undefined || environment['TERM_PROGRAM'] !== undefined;
  if (environment['TERM'] === 'linux') return false;
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return locale === '' ? platform === 'darwin' : /utf-?8/i.test(locale);
}
