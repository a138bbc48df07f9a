import 'monaco-editor/languages/definitions/python/register';
import { CodeEditor, type CodeEditorProps } from '../../../../ui/code-editor/code-editor.tsx';

/** The editor on a script. */
export function PythonEditor(props: Omit<CodeEditorProps, 'language'>) {
  return <CodeEditor language="python" {...props} />;
}
