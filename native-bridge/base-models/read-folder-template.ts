import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The chat template of a Hugging Face folder, with the texts of its first and its last token. */
export interface FolderTemplate {
  readonly template: string;
  readonly bosText: string;
  readonly eosText: string;
}

const maximumConfigBytes = 64 * 2 ** 20;
const maximumTemplateBytes = 2 ** 20;

const tokenText = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]);
const tokenizerConfig = z.looseObject({
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish()
    .catch(null),
  bos_token: tokenText.nullish().catch(null),
  eos_token: tokenText.nullish().catch(null),
});

/** As the trainer finds it: chat_template.jinja, else tokenizer_config.json; null when there is none that can be used. */
export async function readFolderTemplate(folder: string): Promise<FolderTemplate | null> {
  const config = tokenizerConfig.safeParse(
    parsed(await readBounded(join(folder, 'tokenizer_config.json'), maximumConfigBytes)),
  );
  const { chat_template: given, bos_token: bosText, eos_token: eosText } = config.data ?? {};
  const named = Array.isArray(given) ? given.find(({ name }) => name === 'default')?.template : given;
  const template = (await readBounded(join(folder, 'chat_template.jinja'), maximumTemplateBytes)) ?? named ?? null;
  if (template === null || template.trim() === '') return null;
  return { template, bosText: bosText ?? '', eosText: eosText ?? '' };
}

/** The text of a file; null when it is not there, may not be read, or is longer than the limit. */
async function readBounded(path: string, maximumBytes: number): Promise<string | null> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'].includes(error.code ?? '')) return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const facts = await file.stat();
    return facts.isFile() && facts.size <= maximumBytes ? await file.readFile('utf8') : null;
  } finally {
    await file.close();
  }
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch (error) {
    // A damaged file is a base without a template; preparing the base says more.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
