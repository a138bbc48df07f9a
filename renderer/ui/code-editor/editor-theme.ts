import { editor } from 'monaco-editor/editor';

const tokens = [
  '--bg-0',
  '--bg-1',
  '--bg-2',
  '--bg-3',
  '--text',
  '--text-2',
  '--text-3',
  '--accent',
  '--info',
  '--good',
  '--bad',
  '--line',
] as const;
type Token = (typeof tokens)[number];

/** Draws the editor in the window's colours, now and after each change of theme. Returns how to stop. */
export function followTheme(): () => void {
  const draw = (): void => {
    const colours = coloursNow();
    editor.defineTheme(
      'forge',
      themeOf(colours, document.documentElement.dataset['theme'] === 'light' ? 'vs' : 'vs-dark'),
    );
    editor.setTheme('forge');
  };
  draw();
  const observer = new MutationObserver(draw);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** The tokens as #rrggbb: the editor knows no oklch. */
function coloursNow(): Readonly<Record<Token, string>> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const style = getComputedStyle(document.documentElement);
  const hexOf = (token: Token): string => {
    if (context === null) return '#808080';
    context.fillStyle = style.getPropertyValue(token);
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
  return Object.fromEntries(tokens.map((token) => [token, hexOf(token)])) as Record<Token, string>;
}

function themeOf(colours: Readonly<Record<Token, string>>, base: 'vs' | 'vs-dark'): editor.IStandaloneThemeData {
  const ink = (token: Token): string => colours[token].slice(1);
  return {
    base,
    inherit: true,
    rules: [
      { token: '', foreground: ink('--text') },
      { token: 'comment', foreground: ink('--text-3') },
      { token: 'type', foreground: ink('--accent') },
      { token: 'string', foreground: ink('--text') },
      // In YAML nearly everything is one.
      { token: 'string.python', foreground: ink('--accent') },
      { token: 'string.escape.python', foreground: ink('--accent') },
      { token: 'number', foreground: ink('--info') },
      { token: 'keyword', foreground: ink('--good') },
    ],
    colors: {
      'editor.background': colours['--bg-1'],
      'editor.foreground': colours['--text'],
      'editor.lineHighlightBackground': colours['--bg-2'],
      'editor.lineHighlightBorder': colours['--bg-2'],
      'editor.selectionBackground': colours['--bg-3'],
      'editorLineNumber.foreground': colours['--text-3'],
      'editorLineNumber.activeForeground': colours['--text-2'],
      'editorWidget.background': colours['--bg-1'],
      'editorWidget.border': colours['--line'],
      'editorSuggestWidget.selectedBackground': colours['--bg-3'],
      'editorSuggestWidget.selectedForeground': colours['--text'],
      'editorSuggestWidget.highlightForeground': colours['--accent'],
      'editorError.foreground': colours['--bad'],
      focusBorder: colours['--accent'],
    },
  };
}
