import type { OllamaStatus } from '#contract/serving.ts';
import type { ForgeErrorData } from '#contract/error-data.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { StatusDot } from '../../../ui/status-dot.tsx';
import { curlSnippet, type ServedFacts } from '../serve-facts.ts';
import { useTrainWords } from '../train-words.ts';
import styles from './serve-step.module.css';

export interface ServeViewProps {
  readonly name: string;
  readonly version: number;
  readonly facts: ServedFacts;
  /** A question the model was measured with, for the snippet. */
  readonly question: string;
  readonly failure: ForgeErrorData | null;
  readonly onRetry: () => void;
}

/** Where it answers, and the first thing to try. */
export function ServeView({ name, version, facts, question, failure, onRetry }: ServeViewProps) {
  const words = useTrainWords();
  const model = `${name}:v${version}`;
  const { isServed, otherVersion, url } = facts;
  const state = isServed
    ? words('served', { model })
    : otherVersion === null
      ? words('notServed')
      : words('otherServed', { version: otherVersion });
  return (
    <>
      {failure !== null && <ErrorNotice failure={failure} onRetry={onRetry} />}
      <p className={styles['state']} role="status">
        <StatusDot tone={isServed ? 'good' : 'off'}>{state}</StatusDot>
      </p>
      {url !== null && (
        <dl className={styles['lines']}>
          <dt>{words('address')}</dt>
          <dd className={styles['line']}>
            {url} <CopyButton text={url} label={words('copyAddress')} />
          </dd>
          <dt>{words('model')}</dt>
          <dd className={styles['line']}>
            {model} <CopyButton text={model} label={words('copyModel')} />
          </dd>
        </dl>
      )}
      {url !== null && (
        <Section title={words('example')}>
          <CodeBlock language="sh" code={curlSnippet(url, model, question)} />
        </Section>
      )}
      <div className={styles['links']}>
        <LinkButton to={`/models/${name}/${version}/chat`}>{words('chat')}</LinkButton>
        <LinkButton kind="quiet" to="/server">
          {words('openServer')}
        </LinkButton>
        <LinkButton kind="quiet" to="/models">
          {words('allModels')}
        </LinkButton>
      </div>
    </>
  );
}

export interface OllamaPartProps {
  readonly status: OllamaStatus | null;
  /** What Ollama calls this version; empty when it is not there. */
  readonly names: readonly string[];
  readonly isBusy: boolean;
  readonly onDeploy: () => void;
}

/** Ollama, where there is one: never needed, one press away. */
export function OllamaPart({ status, names, isBusy, onDeploy }: OllamaPartProps) {
  const words = useTrainWords();
  if (status === null) return null;
  return (
    <Section title={words('ollama')}>
      <p className={styles['small']}>{ollamaText(status, names, words)}</p>
      {status.state === 'running' && names.length === 0 && (
        <div className={styles['links']}>
          <Button busy={isBusy} onClick={onDeploy}>
            {words('toOllama')}
          </Button>
        </div>
      )}
    </Section>
  );
}

function ollamaText(status: OllamaStatus, names: readonly string[], words: ReturnType<typeof useTrainWords>): string {
  if (names.length > 0) return words('inOllama', { names: names.join(', ') });
  if (status.state === 'running') return words('ollamaThere', { version: status.version });
  if (status.state === 'too-old') return words('ollamaOld', { version: status.version, minimum: status.minimum });
  return words('ollamaAbsent');
}
