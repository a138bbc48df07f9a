import type { DataFormat } from '#contract/data-exports.ts';

/** Name and text of a file beside the rows. */
export interface SideFile {
  readonly name: string;
  readonly text: string;
}

const shareGptTags = {
  role_tag: 'from',
  content_tag: 'value',
  user_tag: 'human',
  assistant_tag: 'gpt',
  observation_tag: 'observation',
  function_tag: 'function_call',
  system_tag: 'system',
};

function llamaFactoryEntry(file: string): unknown {
  if (file.startsWith('text-')) return { file_name: file, columns: { prompt: 'text' } };
  const base = { file_name: file, formatting: 'sharegpt', tags: shareGptTags };
  if (file.startsWith('preference-'))
    return { ...base, ranking: true, columns: { messages: 'conversations', chosen: 'chosen', rejected: 'rejected' } };
  if (file.startsWith('unpaired-')) return { ...base, columns: { messages: 'conversations', kto_tag: 'kto_tag' } };
  return { ...base, columns: { messages: 'conversations', tools: 'tools' } };
}

/** `dataset_info.json` of LLaMA-Factory: one entry a file, called after the dataset. */
function llamaFactory(name: string, files: readonly string[]): SideFile {
  const entries = files.map((file) => [`${name}-${file.replace(/\.jsonl$/, '')}`, llamaFactoryEntry(file)]);
  return { name: 'dataset_info.json', text: `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n` };
}

function axolotlBlock(file: string): string[] {
  const path = [`  - path: ./${file}`, '    ds_type: json'];
  if (file.startsWith('text-')) return [...path, '    type: completion', '    field: text'];
  if (file.startsWith('preference-'))
    return [
      ...path,
      '    type: chat_template.default',
      '    field_messages: messages',
      '    field_chosen: chosen',
      '    field_rejected: rejected',
    ];
  return [...path, '    type: chat_template', '    field_messages: messages', '    message_field_training: weight'];
}

/** The yaml block of Axolotl; pairs train with `rl: dpo`, so they are a block of their own. */
function axolotl(files: readonly string[]): SideFile {
  const learned = files.filter((file) => !file.includes('valid.') && !file.includes('test.'));
  const blocks = [
    { heading: ['datasets:'], files: learned.filter((file) => !file.startsWith('preference-')) },
    {
      heading: ['# Pairs: a run of its own', 'rl: dpo', 'datasets:'],
      files: learned.filter((file) => file.startsWith('preference-')),
    },
    { heading: ['test_datasets:'], files: files.filter((file) => file.includes('valid.')) },
  ].filter((block) => block.files.length > 0);
  const documents = blocks.map((block) => [...block.heading, ...block.files.flatMap(axolotlBlock)].join('\n'));
  return { name: 'axolotl.yml', text: `${documents.join('\n\n')}\n` };
}

/** Files beside the rows that a trainer reads: none for most formats. */
export function trainerFiles(format: DataFormat, name: string, files: readonly string[]): readonly SideFile[] {
  if (format === 'llama-factory') return [llamaFactory(name, files)];
  return format === 'axolotl' ? [axolotl(files)] : [];
}
