import { largestUploadBytes } from '#contract/dataset-preview.ts';
import { fileNameOf } from './data-label.ts';

export { fileNameOf } from './data-label.ts';
import { hubSourceText, parseHubSource } from '#contract/hub-datasets.ts';

/** What a person typed as the place of their data. */
export type TypedSource =
  | { readonly kind: 'empty' }
  /** `datasets.obtain` understands it as it is. */
  | { readonly kind: 'path' | 'hub'; readonly source: string; readonly label: string }
  | { readonly kind: 'not-understood'; readonly reason: 'web-address' | 'hub-name' | 'relative' };

/** Reads a path, `hf:owner/name`, or the address of a dataset's page on the hub. Quotes around a path (as a file manager copies it) are taken off. */
export function readTypedSource(text: string): TypedSource {
  const typed = unquoted(text.trim());
  if (typed === '') return { kind: 'empty' };
  const hub = parseHubSource(typed.replace(/^hf:\s+/i, 'hf:'));
  if (hub !== null) {
    const source = hubSourceText(hub);
    return { kind: 'hub', source, label: source.slice('hf:'.length) };
  }
  if (/^hf:/i.test(typed)) return { kind: 'not-understood', reason: 'hub-name' };
  if (/^[a-z][a-z+.-]+:\/\//i.test(typed)) return { kind: 'not-understood', reason: 'web-address' };
  if (!isAbsolute(typed)) return { kind: 'not-understood', reason: 'relative' };
  return { kind: 'path', source: typed, label: fileNameOf(typed) };
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

/** `/x`, `C:\x`, `\\server\x`. The engine has a folder of its own, and maybe another home. */
function isAbsolute(path: string): boolean {
  return /^(\/|[a-z]:[\\/]|\\\\)/i.test(path);
}

/** What an import may make more of: it reads more kinds of files, and lets a person say which column is what. */
export function canBeImported({ code }: { readonly code: string }): boolean {
  const never = ['dataset.not-found', 'dataset.not-readable', 'dataset.empty', 'dataset.upload-too-large'];
  return code.startsWith('dataset.') && !code.startsWith('dataset.hub') && !never.includes(code);
}

/** Kinds that the wizard does not read itself and an import does. */
export function isImported(problem: FileProblem | null): boolean {
  return problem?.kind === 'wrong-type' && ['parquet', 'document', 'archive'].includes(problem.type);
}

/** Files of a folder that may hold rows; what else lies there is passed over, as the engine does. */
export function isDataFile({ name }: { readonly name: string }): boolean {
  return /\.(jsonl|ndjson|json|csv|tsv)$/i.test(name);
}

export type FileProblem =
  | { readonly kind: 'too-large'; readonly sizeBytes: number; readonly limitBytes: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'wrong-type'; readonly type: WrongType };

/** Kinds of file whose remedy is known before a byte is read. */
export type WrongType = 'spreadsheet' | 'document' | 'archive' | 'parquet' | 'picture' | 'model';

const wrongTypes: Readonly<Record<WrongType, RegExp>> = {
  spreadsheet: /\.(xlsx?|ods|numbers)$/i,
  document: /\.(pdf|docx?|odt|rtf|pptx?|epub|pages)$/i,
  archive: /\.(zip|gz|tgz|bz2|xz|zst|7z|rar|tar)$/i,
  parquet: /\.(parquet|arrow|feather|avro|orc)$/i,
  picture: /\.(png|jpe?g|gif|webp|svg|heic|mp[34]|mov|wav|avi|mkv)$/i,
  model: /\.(gguf|safetensors|pt|pth|bin|onnx)$/i,
};

/**
 * What is wrong with a dropped file, told at once; null when it may be sent. Only what the name or size gives away: the engine looks into the
 * rest. `isRead` is true where the file is read from its place instead of being sent, which has no such limit.
 */
export function problemOf(
  { name, sizeBytes }: { readonly name: string; readonly sizeBytes: number },
  isReadInPlace: boolean,
): FileProblem | null {
  const type = (Object.keys(wrongTypes) as WrongType[]).find((one) => wrongTypes[one].test(name));
  if (type !== undefined) return { kind: 'wrong-type', type };
  if (sizeBytes === 0) return { kind: 'empty' };
  if (!isReadInPlace && sizeBytes > largestUploadBytes)
    return { kind: 'too-large', sizeBytes, limitBytes: largestUploadBytes };
  return null;
}
