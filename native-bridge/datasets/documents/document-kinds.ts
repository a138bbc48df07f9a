import path from 'node:path';

export type DocumentKind = 'text' | 'markdown' | 'html' | 'pdf' | 'docx' | 'code';

const byExtension: Readonly<Record<string, DocumentKind>> = {
  '.txt': 'text',
  '.text': 'text',
  '.rst': 'text',
  '.adoc': 'text',
  '.tex': 'text',
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.mdx': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.xhtml': 'html',
  '.pdf': 'pdf',
  '.docx': 'docx',
};

const codeExtensions = new Set(
  (
    '.py .pyi .js .mjs .cjs .jsx .ts .mts .cts .tsx .java .kt .kts .scala .go .rs .c .h .cc .cpp .hpp .cs .fs .swift .m .mm ' +
    '.rb .php .pl .pm .lua .r .jl .hs .ml .mli .ex .exs .erl .clj .sh .bash .zsh .ps1 .sql .css .scss .vue .svelte .dart .zig .nim .proto .graphql'
  ).split(' '),
);

/** By the end of the name; null for what is no document. What is in the file is checked when it is read. */
export function documentKindOf(name: string): DocumentKind | null {
  const extension = path.extname(name).toLowerCase();
  return byExtension[extension] ?? (codeExtensions.has(extension) ? 'code' : null);
}
