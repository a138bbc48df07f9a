import { editor, MarkerSeverity, type IDisposable } from 'monaco-editor/editor';
// oxlint-disable-next-line import/default -- the bundler makes a class of it
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/caretOperations/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codeEditor/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/snippet/register';
// The feature of this name registers all of it but the list itself.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
import 'monaco-editor/features/suggest/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/tokenization/register';
import 'monaco-editor/features/wordOperations/register';
import { useEffect, useRef } from 'react';
import { followTheme } from './editor-theme.ts';

export interface EditorProblem {
  readonly message: string;
  /** Offsets in characters. */
  readonly from: number;
  readonly to: number;
}

export interface CodeEditorProps {
  readonly text: string;
  readonly problems: readonly EditorProblem[];
  /** Whoever mounts it registers the language: `monaco-editor/languages/definitions/<id>/register`. */
  readonly language: 'python' | 'yaml';
  /** What it is, for a screen reader. */
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly onFocus?: ((isFocused: boolean) => void) | undefined;
  /** Adds what the language offers (completions, hovers); called once. */
  readonly extend?: ((code: editor.IStandaloneCodeEditor) => readonly IDisposable[]) | undefined;
}

globalThis.MonacoEnvironment = { getWorker: () => new EditorWorker() };

/** Monaco. To be loaded lazily by those who show it: it is larger than the rest of the window together. */
export function CodeEditor(props: CodeEditorProps) {
  const { text, problems } = props;
  const host = useRef<HTMLDivElement>(null);
  const made = useRef<editor.IStandaloneCodeEditor>(null);
  const latest = useRef(props);
  // Texts that were told and have not come back yet: who writes faster than the page draws must not be overwritten with what he wrote before.
  const told = useRef<readonly string[]>([]);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (host.current === null) return;
    const { code, dispose } = createEditor(host.current, {
      latest: () => latest.current,
      tell: (value) => {
        if (value === (told.current.at(-1) ?? latest.current.text)) return;
        told.current = [...told.current, value];
        latest.current.onChange(value);
      },
    });
    made.current = code;
    return dispose;
  }, []);
  useEffect(() => {
    const model = made.current?.getModel();
    const own = told.current.lastIndexOf(text);
    told.current = told.current.slice(own + 1);
    if (model == null || own !== -1 || model.getValue() === text) return;
    // As an edit, not as a new value: undo goes on working.
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
  }, [text]);
  useEffect(() => {
    const model = made.current?.getModel();
    if (model != null)
      editor.setModelMarkers(
        model,
        'forge',
        problems.map((problem) => markerOf(model, problem)),
      );
  }, [problems, text]);
  return <div ref={host} style={{ height: '100%' }} />;
}

interface EditorLink {
  readonly latest: () => CodeEditorProps;
  readonly tell: (text: string) => void;
}

function createEditor(
  host: HTMLElement,
  { latest, tell }: EditorLink,
): { code: editor.IStandaloneCodeEditor; dispose: () => void } {
  const { text, label, language, extend } = latest();
  const stopTheme = followTheme();
  const code = editor.create(host, {
    value: text,
    language,
    ariaLabel: label,
    automaticLayout: true,
    fontFamily: 'JetBrains Mono Variable, monospace',
    fontSize: 12,
    lineHeight: 18,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    tabSize: language === 'python' ? 4 : 2,
    wordWrap: 'on',
    wordBasedSuggestions: 'off',
    renderLineHighlight: 'line',
    renderFinalNewline: 'on',
    overviewRulerLanes: 0,
    padding: { top: 8, bottom: 8 },
    fixedOverflowWidgets: true,
    // The page scrolls on where the text ends.
    scrollbar: { alwaysConsumeMouseWheel: false },
  });
  const parts: IDisposable[] = [
    code,
    code.onDidChangeModelContent(() => tell(code.getValue())),
    code.onDidFocusEditorText(() => latest().onFocus?.(true)),
    code.onDidBlurEditorText(() => latest().onFocus?.(false)),
    ...(extend?.(code) ?? []),
  ];
  const model = code.getModel();
  // The usual colours of brackets are not Forge's.
  model?.updateOptions({ bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false } });
  return {
    code,
    dispose: () => {
      stopTheme();
      for (const part of parts) part.dispose();
      model?.dispose();
    },
  };
}

function markerOf(model: editor.ITextModel, { message, from, to }: EditorProblem): editor.IMarkerData {
  const start = model.getPositionAt(from);
  const end = model.getPositionAt(Math.max(to, from + 1));
  return {
    severity: MarkerSeverity.Error,
    message,
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
  };
}
