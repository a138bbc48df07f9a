import RotateCw from 'lucide-react/icons/rotate-cw';
import { Button, IconButton } from '../../../ui/button.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import type { ServingView } from '#contract/serving-state.ts';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useServerWords } from '../server-words.ts';
import { KeySection } from './key-section.tsx';
import { ModelsSection } from './models-section.tsx';
import { RequestsSection } from './requests-section.tsx';
import { ServerHero } from './server-hero.tsx';
import type { ServerPartProps } from './server-props.ts';
import classes from './server.module.css';
import { SnippetsSection } from './snippets-section.tsx';
import { StartUpSection } from './start-up-section.tsx';

export interface ServerViewProps extends Omit<ServerPartProps, 'serving'> {
  /** Null: not read yet. */
  readonly serving: ServingView | null;
}

/** The server: on or off, where, with which models, who asks. */
export function ServerView({ serving, data, acts }: ServerViewProps) {
  const words = useServerWords();
  if (serving === null) return <Loading />;
  const part = { serving, data, acts };
  // What keeps the server from running stands in its own state, with its remedy.
  const showsFailure = data.failure !== null && serving.failure?.code !== data.failure.code;
  return (
    <Page
      title={words('title')}
      subtitle={words('subtitle')}
      actions={
        serving.running && (
          <IconButton
            label={words('restart')}
            icon={<RotateCw />}
            busy={data.busy.has('restart')}
            onClick={() => void acts.restart()}
          />
        )
      }
    >
      <div className={classes['page']}>
        <ServerHero {...part} />
        {showsFailure && data.failure !== null && (
          <ErrorNotice failure={data.failure} actions={<DismissButton acts={acts} />} />
        )}
        <div className={classes['columns']}>
          <div className={classes['main']}>
            <ModelsSection {...part} />
            <SnippetsSection {...part} />
            <RequestsSection {...part} />
          </div>
          <div className={classes['side']}>
            <KeySection {...part} />
            <StartUpSection {...part} />
          </div>
        </div>
      </div>
    </Page>
  );
}

function DismissButton({ acts }: Pick<ServerPartProps, 'acts'>) {
  const words = useServerWords();
  return <Button onClick={acts.clearFailure}>{words('dismiss')}</Button>;
}

function Loading() {
  const words = useServerWords();
  return (
    <Page title={words('title')} subtitle={words('subtitle')}>
      <div className={classes['page']}>
        <Skeleton height={8} />
        <div className={classes['columns']}>
          <div className={classes['main']}>
            <Skeleton height={8} />
            <Skeleton height={14} />
          </div>
          <Skeleton height={12} />
        </div>
      </div>
    </Page>
  );
}
