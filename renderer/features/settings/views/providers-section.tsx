import { useEffect, useState } from 'react';
import { providerSecret } from '#contract/known-secrets.ts';
import type { ProviderView } from '#contract/providers.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { Button } from '../../../ui/button.tsx';
import { Section } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useUndo } from '../../../ui/undo.ts';
import type { ProviderDraft } from '../provider-draft.ts';
import { createProvidersStore, type ProvidersData } from '../providers-store.ts';
import { useProvidersWords } from '../providers-words.ts';
import { Failure } from './failure.tsx';
import { ProviderDialog } from './provider-dialog.tsx';
import { HubKey, ProviderRow } from './provider-row.tsx';
import classes from './settings.module.css';

export function ProvidersSection() {
  const words = useProvidersWords();
  const state = useStoreOf(createProvidersStore, (all) => all);
  const offerUndo = useUndo();
  const { load } = state;
  useEffect(() => void load(), [load]);
  const acts: ProviderActs = {
    load: () => void load(),
    setSecret: (name, value) => state.setSecret(name, value),
    removeSecret: (secret, name) =>
      offerUndo({ text: words('keyRemoved', { name }), commit: () => void state.removeSecret(secret) }),
    test: (id) => void state.test(id),
    save: (draft) => state.save(draft),
    remove: ({ id, name, hasKey }) => {
      state.setHidden(id, true);
      offerUndo({
        text: words('removed', { name }),
        undo: () => state.setHidden(id, false),
        commit: () => void removeWithKey(id, hasKey),
      });
    },
  };
  const removeWithKey = async (id: string, hasKey: boolean): Promise<void> => {
    if (hasKey) await state.removeSecret(providerSecret(id));
    await state.remove(id);
  };
  return <ProvidersSectionView data={state} acts={acts} />;
}

export interface ProviderActs {
  readonly load: () => void;
  readonly setSecret: (name: string, value: string) => Promise<boolean>;
  /** `name` is the provider's, for the sentence. */
  readonly removeSecret: (secret: string, name: string) => void;
  readonly test: (id: string) => void;
  readonly save: (draft: ProviderDraft) => Promise<boolean>;
  readonly remove: (provider: ProviderView) => void;
}

export interface ProvidersSectionViewProps {
  readonly data: ProvidersData;
  readonly acts: ProviderActs;
}

/** Clouds and own servers with their keys. A key goes in, is tested, is taken away; it never comes back. */
export function ProvidersSectionView({ data, acts }: ProvidersSectionViewProps) {
  const words = useProvidersWords();
  const [edited, setEdited] = useState<ProviderView | 'new' | null>(null);
  const shown = data.providers?.filter(({ id }) => !data.hidden.has(id));
  return (
    <>
      <Section
        title={words('title')}
        hint={words('hint')}
        actions={<Button onClick={() => setEdited('new')}>{words('addServer')}</Button>}
      >
        <Failure failures={data.failures} of="load" onRetry={acts.load} />
        {shown === undefined ? (
          <Skeleton lines={8} />
        ) : (
          <ul className={classes['rows']}>
            {shown.map((provider) => (
              <ProviderRow
                key={provider.id}
                provider={provider}
                data={data}
                acts={acts}
                onEdit={() => setEdited(provider)}
              />
            ))}
          </ul>
        )}
      </Section>
      <Section title={words('otherKeys')} hint={words('otherKeysHint')}>
        <ul className={classes['rows']}>
          <HubKey data={data} acts={acts} />
        </ul>
      </Section>
      {edited !== null && (
        <ProviderDialog
          key={edited === 'new' ? '' : edited.id}
          provider={edited === 'new' ? null : edited}
          data={data}
          onSave={acts.save}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}
