import { useState } from 'react';
import { providerSecret } from '#contract/known-secrets.ts';
import type { ProviderView } from '#contract/providers.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { formatNumber } from '../../../words/format.ts';
import { useProvidersWords } from '../providers-words.ts';
import { Failure } from './failure.tsx';
import { KeyForm } from './key-form.tsx';
import type { ProvidersSectionViewProps } from './providers-section.tsx';
import { Said } from '../../../words/said.tsx';
import classes from './settings.module.css';

interface ProviderRowProps extends ProvidersSectionViewProps {
  readonly provider: ProviderView;
  readonly onEdit: () => void;
}

/** One provider: its address, whether it has a key, what a test said. */
export function ProviderRow({ provider, data, acts, onEdit }: ProviderRowProps) {
  const words = useProvidersWords();
  const { id, name, address, models, isBuiltIn, hasKey, needsKey, keySource } = provider;
  const canTest = hasKey || !needsKey;
  return (
    <li className={classes['provider']}>
      <div className={classes['rowTop']}>
        <h3>{name}</h3>
        <KeyBadge hasKey={hasKey} needsKey={needsKey} />
        {!isBuiltIn && <Badge>{words('own')}</Badge>}
        <span className={classes['rowEnd']}>
          {canTest && (
            <Button busy={data.busy.has(`test:${id}`)} title={words('testHint')} onClick={() => acts.test(id)}>
              {words('test')}
            </Button>
          )}
          {!isBuiltIn && (
            <>
              <Button kind="quiet" onClick={onEdit}>
                {words('edit')}
              </Button>
              <Button kind="quiet" onClick={() => acts.remove(provider)}>
                {words('remove')}
              </Button>
            </>
          )}
        </span>
      </div>
      <p className={classes['figures']}>
        <code>{address}</code>
        {models.length > 0 && ` · ${words('models', { count: models.length })}`}
      </p>
      {needsKey && <SecretField secret={providerSecret(id)} name={name} source={keySource} data={data} acts={acts} />}
      <TestResult id={id} data={data} />
      <Failure failures={data.failures} of={`test:${id}`} />
      <Failure failures={data.failures} of={`remove:${id}`} />
    </li>
  );
}

function KeyBadge({ hasKey, needsKey }: Pick<ProviderView, 'hasKey' | 'needsKey'>) {
  const words = useProvidersWords();
  if (hasKey) return <Badge tone="good">{words('hasKey')}</Badge>;
  return <Badge>{words(needsKey ? 'noKey' : 'noKeyNeeded')}</Badge>;
}

function TestResult({ id, data }: Pick<ProvidersSectionViewProps, 'data'> & { readonly id: string }) {
  const words = useProvidersWords();
  const result = data.tests.get(id);
  if (result === undefined) return null;
  const { text, milliseconds, failure } = result;
  if (failure !== null) return <ErrorNotice failure={failure} />;
  return (
    <Notice tone="good">
      <Said text={text} />
      {milliseconds !== null && ` · ${words('tookMs', { ms: formatNumber(milliseconds) })}`}
    </Notice>
  );
}

/** The key of the Hugging Face hub, which is no provider to compare with. */
export function HubKey({ data, acts }: ProvidersSectionViewProps) {
  const words = useProvidersWords();
  const secret = data.secrets.find(({ name }) => name === hubSecret);
  return (
    <li className={classes['provider']}>
      <div className={classes['rowTop']}>
        <h3>{words('hfName')}</h3>
        <KeyBadge hasKey={secret?.hasValue === true} needsKey />
      </div>
      <p className={classes['quiet']}>{words('hfPurpose')}</p>
      <SecretField secret={hubSecret} name={words('hfName')} source={words('hfSource')} data={data} acts={acts} />
    </li>
  );
}

const hubSecret = 'hf_token';

interface SecretFieldProps extends ProvidersSectionViewProps {
  readonly secret: string;
  readonly name: string;
  readonly source: string | null;
}

/** Enter, replace or remove a key; one from the environment can only be said. */
function SecretField({ secret, name, source, data, acts }: SecretFieldProps) {
  const words = useProvidersWords();
  const [isOpen, setIsOpen] = useState(false);
  const known = data.secrets.find((each) => each.name === secret);
  const act = `secret:${secret}`;
  if (known?.origin === 'environment')
    return <p className={classes['figures']}>{words('fromEnvironment', { place: known.keptIn ?? '' })}</p>;
  const store = async (value: string): Promise<void> => {
    if (await acts.setSecret(secret, value)) setIsOpen(false);
  };
  const hasValue = known?.hasValue === true;
  return (
    <>
      {isOpen ? (
        <KeyForm
          name={name}
          source={source}
          isBusy={data.busy.has(act)}
          onStore={store}
          onCancel={() => setIsOpen(false)}
        />
      ) : (
        <div className={classes['buttons']}>
          <Button onClick={() => setIsOpen(true)}>{words(hasValue ? 'replaceKey' : 'setKey')}</Button>
          {hasValue && (
            <Button kind="quiet" busy={data.busy.has(act)} onClick={() => acts.removeSecret(secret, name)}>
              {words('removeKey')}
            </Button>
          )}
        </div>
      )}
      <Failure failures={data.failures} of={act} />
    </>
  );
}
