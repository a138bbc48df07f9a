import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { onThemeChange } from '../../../charts/chart-colours.ts';
import { ConsoleBuffer } from '../console-feed.ts';

/** The cost is redraws in a second, not lines: 31 % of a core at 5,000 lines/s with 50 ms, twice that with 16. */
const flushEveryMs = 50;
const scrollbackLines = 10_000;
const fontSize = 12;

export interface ConsoleTerminal {
  write(text: string): void;
  clear(): void;
  /** The newest line stays in sight. */
  setFollow(isFollowing: boolean): void;
  /** Selects the next line that holds the text, from the present match on; counts the lines that hold it. */
  find(text: string, direction: 1 | -1): number;
  text(): string;
  dispose(): void;
}

export interface TerminalOptions {
  readonly host: HTMLElement;
  readonly label: string;
  /** The person scrolled away from the newest line, or back to it. */
  onFollow(isFollowing: boolean): void;
  droppedText(count: number): string;
}

/** A read-only terminal: takes text at any pace and draws it at its own. */
export function createConsoleTerminal(options: TerminalOptions): ConsoleTerminal {
  return new XtermConsole(options);
}

class XtermConsole implements ConsoleTerminal {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #buffer = new ConsoleBuffer();
  readonly #options: TerminalOptions;
  readonly #stops: (() => void)[] = [];
  #isWriting = false;
  #isFollowing = true;
  #isDisposed = false;
  #match = -1;

  constructor(options: TerminalOptions) {
    this.#options = options;
    const { host, label } = options;
    const style = getComputedStyle(host);
    const fontFamily = style.getPropertyValue('--font-code').trim();
    this.#terminal = new Terminal({
      disableStdin: true,
      scrollback: scrollbackLines,
      convertEol: true,
      cursorInactiveStyle: 'none',
      fontFamily,
      fontSize,
      lineHeight: 1.35,
      theme: themeOf(style),
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(host);
    this.#terminal.textarea?.setAttribute('aria-label', label);
    // Tab leaves the console as it leaves any other control.
    this.#terminal.attachCustomKeyEventHandler(({ key, ctrlKey }) => key !== 'Tab' && !(ctrlKey && key === 'k'));
    this.#watch(host);
    void this.#measureAgain(host, fontFamily);
  }

  write(text: string): void {
    this.#buffer.push(text);
  }

  clear(): void {
    this.#buffer.clear();
    this.#terminal.reset();
    this.#match = -1;
  }

  setFollow(isFollowing: boolean): void {
    this.#isFollowing = isFollowing;
    if (isFollowing) this.#terminal.scrollToBottom();
  }

  find(text: string, direction: 1 | -1): number {
    this.#terminal.clearSelection();
    if (text === '') return 0;
    const found = this.#linesWith(text.toLowerCase());
    if (found.length === 0) return 0;
    const before =
      direction === 1 ? found.find(({ line }) => line > this.#match) : found.findLast(({ line }) => line < this.#match);
    const chosen = before ?? (direction === 1 ? found[0] : found.at(-1));
    if (chosen !== undefined) {
      this.#match = chosen.line;
      this.#terminal.select(chosen.column, chosen.line, text.length);
      this.#terminal.scrollToLine(Math.max(0, chosen.line - Math.floor(this.#terminal.rows / 2)));
      this.#follow(false);
    }
    return found.length;
  }

  text(): string {
    const selected = this.#terminal.getSelection();
    if (selected !== '') return selected;
    return this.#lines()
      .map(({ text }) => text)
      .join('\n')
      .trimEnd();
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const stop of this.#stops) stop();
    this.#terminal.dispose();
  }

  /** The font may come later than the first line: with the height of another one the newest lines would lie below the edge. */
  async #measureAgain(host: HTMLElement, fontFamily: string): Promise<void> {
    await document.fonts.load(`${fontSize}px ${fontFamily}`);
    if (this.#isDisposed) return;
    this.#terminal.options.fontFamily = 'monospace';
    this.#terminal.options.fontFamily = fontFamily;
    this.#fitTo(host);
  }

  #fitTo(host: HTMLElement): void {
    if (host.clientWidth === 0 || host.clientHeight === 0) return;
    this.#fit.fit();
    if (this.#isFollowing) this.#terminal.scrollToBottom();
  }

  #watch(host: HTMLElement): void {
    const timer = setInterval(() => this.#flush(), flushEveryMs);
    const resized = new ResizeObserver(() => this.#fitTo(host));
    resized.observe(host);
    const onWheel = (): void => queueMicrotask(() => this.#follow(this.#isAtEnd()));
    host.addEventListener('wheel', onWheel, { passive: true });
    host.addEventListener('keyup', onWheel);
    const stopTheme = onThemeChange(() => (this.#terminal.options.theme = themeOf(getComputedStyle(host))));
    this.#stops.push(
      () => clearInterval(timer),
      () => resized.disconnect(),
      stopTheme,
      () => {
        host.removeEventListener('wheel', onWheel);
        host.removeEventListener('keyup', onWheel);
      },
    );
  }

  /** One write at a time: what comes meanwhile waits in the buffer, which is bounded. */
  #flush(): void {
    if (this.#isWriting) return;
    const { text, dropped } = this.#buffer.take();
    if (text === '') return;
    this.#isWriting = true;
    const note = dropped === 0 ? '' : `\r\n\u001B[2m${this.#options.droppedText(dropped)}\u001B[0m\r\n`;
    this.#terminal.write(note + text, () => {
      this.#isWriting = false;
      // The last write may end after the page was left.
      if (this.#isFollowing && !this.#isDisposed) this.#terminal.scrollToBottom();
    });
  }

  #follow(isFollowing: boolean): void {
    if (isFollowing === this.#isFollowing) return;
    this.#isFollowing = isFollowing;
    this.#options.onFollow(isFollowing);
  }

  #isAtEnd(): boolean {
    const { viewportY, baseY } = this.#terminal.buffer.active;
    return viewportY >= baseY - 1;
  }

  #lines(): { readonly line: number; readonly text: string }[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: active.length }, (_, line) => ({
      line,
      text: active.getLine(line)?.translateToString(true) ?? '',
    }));
  }

  #linesWith(sought: string): { readonly line: number; readonly column: number }[] {
    return this.#lines().flatMap(({ line, text }) => {
      const column = text.toLowerCase().indexOf(sought);
      return column < 0 ? [] : [{ line, column }];
    });
  }
}

/** The terminal's own sixteen colours would not fit the theme: those of the tokens stand for them. */
function themeOf(style: CSSStyleDeclaration) {
  const token = (name: string): string => canvasColour(style.getPropertyValue(name).trim());
  const [text, quiet, bad, good, warn, info] = ['--text', '--text-3', '--bad', '--good', '--warn', '--info'].map(token);
  const [magenta, cyan, background] = ['--series-4', '--series-7', '--bg-1'].map(token);
  return {
    ...ansi({ black: quiet, red: bad, green: good, yellow: warn, blue: info, magenta, cyan, white: text }),
    foreground: text ?? '',
    background: background ?? '',
    cursor: background ?? '',
    selectionBackground: token('--bg-3'),
    selectionForeground: text ?? '',
    selectionInactiveBackground: token('--bg-3'),
  };
}

type AnsiName = 'black' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white';

/** Plain and bright are the same here: brightness says nothing about a log line. */
function ansi(colours: Readonly<Record<AnsiName, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(colours).flatMap(([name, colour = '']) => [
      [name, colour],
      [`bright${name.charAt(0).toUpperCase()}${name.slice(1)}`, colour],
    ]),
  );
}

/** xterm reads #rrggbb only: a canvas turns any colour of a style sheet into it. */
function canvasColour(colour: string): string {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (context === null) return '#808080';
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
