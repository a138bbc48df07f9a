import { useEffect } from 'react';
import { createFrameStore } from '../../../app/frame-store.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { servedFacts } from '../serve-facts.ts';
import { createServeStore } from '../serve-store.ts';
import { createTrainingStore } from '../training-store.ts';
import { useTrainWords } from '../train-words.ts';
import { OllamaPart, ServeView } from './serve-view.tsx';
import { StepFrame } from './step-frame.tsx';
import type { StepProps } from './step-props.ts';

/** The last step: put it to use. */
export function ServeStep({ saving, onGo }: StepProps) {
  const words = useTrainWords();
  const view = useStoreOf(createTrainingStore, (state) => state.view);
  const serving = useStoreOf(createFrameStore, (state) => state.serving);
  const busy = useStoreOf(createServeStore, (state) => state.busy);
  const failure = useStoreOf(createServeStore, (state) => state.failure);
  const serve = useStoreOf(createServeStore, (state) => state.serve);
  const result = view?.result ?? null;
  const { name, version } = view ?? { name: '', version: 1 };
  const facts = servedFacts(serving, name, version);
  const hasFile = result?.ggufPath != null;
  const press = (): void => void serve(name, version);
  return (
    <StepFrame
      title={facts.isServed ? words('finished') : words('serveTitle')}
      intro={words('serveIntro')}
      saving={saving}
      onBack={() => onGo('result')}
      secondary={facts.isServed ? <LinkButton to="/create">{words('another')}</LinkButton> : undefined}
      primary={!hasFile || facts.isServed ? null : { label: words('toServe'), onGo: press, busy: busy === 'serve' }}
    >
      {view !== null && result !== null && !hasFile && <Notice tone="info">{words('noFile')}</Notice>}
      {view !== null && hasFile && (
        <>
          <ServeView
            name={name}
            version={version}
            facts={facts}
            question={result?.served?.question ?? words('exampleQuestion')}
            failure={failure}
            onRetry={press}
          />
          <Ollama name={name} version={version} isThere={result?.ollama.used === true} />
        </>
      )}
    </StepFrame>
  );
}

interface OllamaProps {
  readonly name: string;
  readonly version: number;
  /** The main job put it there already. */
  readonly isThere: boolean;
}

function Ollama({ name, version, isThere }: OllamaProps) {
  const status = useStoreOf(createServeStore, (state) => state.ollama);
  const added = useStoreOf(createServeStore, (state) => state.ollamaNames);
  const busy = useStoreOf(createServeStore, (state) => state.busy);
  const look = useStoreOf(createServeStore, (state) => state.look);
  const toOllama = useStoreOf(createServeStore, (state) => state.toOllama);
  useEffect(() => void look(), [look, name, version]);
  const names = isThere && added.length === 0 ? [`${name}:v${version}`] : added;
  return (
    <OllamaPart
      status={status}
      names={names}
      isBusy={busy === 'ollama'}
      onDeploy={() => void toOllama(name, version)}
    />
  );
}
