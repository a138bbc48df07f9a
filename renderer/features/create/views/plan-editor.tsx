import { languages, Range, type editor } from 'monaco-editor/editor';
import 'monaco-editor/languages/definitions/yaml/register';
import { useEffect, useRef } from 'react';
import { CodeEditor, type EditorProblem } from '../../../ui/code-editor/code-editor.tsx';
import { completionsAt, keyAt } from '../plan-completion.ts';

export interface PlanEditorProps {
  readonly text: string;
  readonly problems: readonly EditorProblem[];
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly reasons: Readonly<Record<string, string>>;
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly onFocus: (isFocused: boolean) => void;
}

/** The editor on the plan's YAML, with what it may hold. */
export function PlanEditor(props: PlanEditorProps) {
  const { text, problems, label, onChange, onFocus } = props;
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  return (
    <CodeEditor
      language="yaml"
      text={text}
      problems={problems}
      label={label}
      onChange={onChange}
      onFocus={onFocus}
      extend={(code) => [
        languages.registerCompletionItemProvider(
          'yaml',
          completionProvider(code, () => latest.current),
        ),
        languages.registerHoverProvider(
          'yaml',
          hoverProvider(code, () => latest.current),
        ),
      ]}
    />
  );
}

type Code = editor.IStandaloneCodeEditor;

function completionProvider(code: Code, latest: () => PlanEditorProps): languages.CompletionItemProvider {
  return {
    triggerCharacters: [' ', '\n'],
    provideCompletionItems(model, position) {
      if (model !== code.getModel()) return { suggestions: [] };
      const { completions, typed } = completionsAt(model.getValue(), model.getOffsetAt(position));
      const range = new Range(position.lineNumber, position.column - typed, position.lineNumber, position.column);
      return {
        suggestions: completions.map(({ label, insert, detail, kind, path }) => ({
          label,
          insertText: insert,
          detail,
          range,
          kind: kind === 'key' ? languages.CompletionItemKind.Property : languages.CompletionItemKind.Value,
          documentation: reasonOf(path, latest()),
          ...(kind === 'key' && { command: { id: 'editor.action.triggerSuggest', title: '' } }),
        })),
      };
    },
  };
}

function hoverProvider(code: Code, latest: () => PlanEditorProps): languages.HoverProvider {
  return {
    provideHover(model, position) {
      if (model !== code.getModel()) return null;
      const key = keyAt(model.getValue(), model.getOffsetAt(position));
      const reason = key === null ? '' : reasonOf(key.path, latest());
      return reason === '' ? null : { contents: [{ value: reason }] };
    },
  };
}

function reasonOf(path: string, { reasons }: PlanEditorProps): string {
  return path.startsWith('settings.') ? (reasons[path.slice('settings.'.length)] ?? '') : '';
}
