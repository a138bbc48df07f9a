import { useMemo, useState } from 'react';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { Section } from '../../../ui/page.tsx';
import { Select } from '../../../ui/select.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { snippetModels } from '../served-rows.ts';
import { useServerWords } from '../server-words.ts';
import { clientAddress, keyPlaceholder, snippetsOf, type Snippet } from '../snippets.ts';
import type { ServerPartProps } from './server-props.ts';
import classes from './server.module.css';

/** Ready to paste: the real address and model, and where the key goes. Nothing while there is no model to ask. */
export function SnippetsSection({ serving }: ServerPartProps) {
  const words = useServerWords();
  const names = useMemo(() => snippetModels(serving), [serving]);
  const [wished, setWished] = useState<string | null>(null);
  const [tab, setTab] = useState<Snippet['id']>('curl');
  const model = wished !== null && names.includes(wished) ? wished : names[0];
  if (model === undefined) return null;
  const snippets = snippetsOf({ address: clientAddress(serving), model, keyRequired: serving.keyRequired });
  const shown = snippets.find(({ id }) => id === tab);
  return (
    <Section
      title={words('snippets')}
      actions={
        <Select
          className={classes['snippetModel']}
          label={words('snippetModel')}
          value={model}
          onChange={setWished}
          options={names.map((name) => ({ value: name, label: name }))}
        />
      }
    >
      <Tabs label={words('snippets')} value={tab} onChange={setTab} tabs={snippets}>
        {shown !== undefined && <CodeBlock code={shown.code} language={shown.language} />}
      </Tabs>
      {serving.keyRequired && (
        <p className={classes['quiet']}>{words('snippetKeyHint', { placeholder: keyPlaceholder })}</p>
      )}
    </Section>
  );
}
