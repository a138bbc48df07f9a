import Ellipsis from 'lucide-react/icons/ellipsis';
import { Button, IconButton, LinkButton } from '../../../ui/button.tsx';
import { Menu, type MenuItem } from '../../../ui/menu.tsx';
import { ProgressBar } from '../../../ui/progress.tsx';
import { compareLink } from '../../compare/compared-models.ts';
import { versionObstacle } from '../model-rows.ts';
import { useModelsWords } from '../models-words.ts';
import type { ModelInspectorProps } from './models-props.ts';
import classes from './models-view.module.css';

interface ModelActionsProps extends ModelInspectorProps {
  readonly onExport: () => void;
}

/** What can be done with a version; what cannot be done now says why. */
export function ModelActions(props: ModelActionsProps) {
  const { row, onExport } = props;
  const words = useModelsWords();
  const obstacle = versionObstacle(row.version);
  const reason = obstacle === null ? null : words(`obstacle-${obstacle}`);
  const { name, version, base } = row.version;
  const models = [row.id, base].map((model) => ({ kind: 'local' as const, model }));
  return (
    <div className={classes['block']}>
      {reason !== null && <p className={classes['hint']}>{reason}</p>}
      <div className={classes['actions']}>
        {obstacle === null && (
          <>
            <LinkButton kind="primary" to={`/models/${name}/v${version}/chat`}>
              {words('chat')}
            </LinkButton>
            <LinkButton to={compareLink(models)}>{words('compareBase')}</LinkButton>
          </>
        )}
        {obstacle !== 'building' && obstacle !== 'failed' && <Button onClick={onExport}>{words('export')}</Button>}
        <MoreActions {...props} />
      </div>
    </div>
  );
}

function MoreActions({ row, handlers }: ModelInspectorProps) {
  const words = useModelsWords();
  const { mainJob, version } = row;
  const openRun: MenuItem[] =
    mainJob === null ? [] : [{ id: 'run', label: words('openRun'), onSelect: () => handlers.openRun(mainJob) }];
  return (
    <Menu
      trigger={<IconButton kind="plain" label={words('more')} icon={<Ellipsis />} />}
      align="end"
      items={[
        ...openRun,
        { id: 'folder', label: words('openFolder'), onSelect: () => handlers.reveal(version.directory) },
        'line',
        {
          id: 'remove',
          label: words('remove'),
          danger: true,
          disabledReason: version.state === 'building' ? words('obstacle-building') : null,
          onSelect: () => handlers.remove(row),
        },
      ]}
    />
  );
}

/** What clients get under the bare name, and the one press that changes it; the same for Ollama. */
export function ModelServing(props: ModelInspectorProps) {
  const { row } = props;
  const words = useModelsWords();
  if (versionObstacle(row.version) !== null) return null;
  const { reach, version } = row;
  return (
    <section className={classes['block']}>
      <h3>{words('where')}</h3>
      {reach.isCurrent && (
        <p className={classes['hint']}>
          {words(reach.isServing ? 'servedNow' : 'servedStopped', { name: version.name })}
        </p>
      )}
      <div className={classes['row']}>
        <ServingActions {...props} />
        <OllamaAction {...props} />
      </div>
      <Deploying {...props} />
    </section>
  );
}

function ServingActions({ row, state, handlers }: ModelInspectorProps) {
  const words = useModelsWords();
  const { family, reach, version } = row;
  const isBusy = state.work[row.id] === 'serving';
  const serve = (chosen: number | null) => () => handlers.serve(row, chosen);
  if (!reach.isCurrent)
    return (
      <Button busy={isBusy} onClick={serve(version.version)}>
        {words('serve')}
      </Button>
    );
  const previous = family?.previous ?? null;
  return (
    <>
      {!reach.isServing && (
        <Button busy={isBusy} onClick={serve(version.version)}>
          {words('startServer')}
        </Button>
      )}
      {previous !== null && (
        <Button busy={isBusy} onClick={serve(previous)}>
          {words('goBack', { version: previous })}
        </Button>
      )}
      {family?.pinned === true && (
        <Button kind="quiet" busy={isBusy} onClick={serve(null)}>
          {words('followNewest')}
        </Button>
      )}
    </>
  );
}

function OllamaAction({ row, state, handlers }: ModelInspectorProps) {
  const words = useModelsWords();
  const obstacle = useOllamaObstacle(state);
  const work = state.work[row.id];
  if (row.reach.inOllama)
    return (
      <Button busy={work === 'withdrawing'} onClick={() => handlers.withdraw(row)}>
        {words('withdraw')}
      </Button>
    );
  return (
    <Button busy={work === 'deploying'} disabledReason={obstacle} onClick={() => handlers.deploy(row)}>
      {words('deploy')}
    </Button>
  );
}

/** How far a deployment is: handing over takes a moment, comparing the answers the most of it. */
function Deploying({ row, state, handlers }: ModelInspectorProps) {
  const words = useModelsWords();
  const progress = state.deployments[row.id];
  const obstacle = useOllamaObstacle(state);
  if (progress === undefined)
    return obstacle === null || row.reach.inOllama ? null : <p className={classes['hint']}>{obstacle}</p>;
  return (
    <div className={classes['block']} aria-live="polite">
      <ProgressBar fraction={progress.fraction} label={words('deploying', { id: row.id })} showLabel />
      <p className={classes['hint']}>{progress.text}</p>
      <div className={classes['row']}>
        <Button kind="quiet" onClick={() => handlers.endDeploy(row)}>
          {words('stopExport')}
        </Button>
      </div>
    </div>
  );
}

function useOllamaObstacle({ ollama }: ModelInspectorProps['state']): string | null {
  const words = useModelsWords();
  if (ollama === null) return words('ollamaUnknown');
  if (ollama.state === 'absent') return words('ollamaAbsent');
  return ollama.state === 'too-old' ? words('ollamaOld', { version: ollama.version, minimum: ollama.minimum }) : null;
}
