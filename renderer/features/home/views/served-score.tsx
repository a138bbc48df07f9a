import type { ModelVersion } from '#contract/models.ts';
import { DotPlot } from '../../../ui/dot-plot.tsx';
import { LinkButton } from '../../../ui/link-button.tsx';
import { Panel } from '../../../ui/page.tsx';
import { scoresOf } from '../headline.ts';
import { useHomeWords } from '../home-words.ts';
import { Said } from '../../../words/said.tsx';
import classes from './home.module.css';

/** The measured gain of the version that clients get: two dots with their intervals, and the verdict in its own words. */
export function ServedScore({ model }: { readonly model: ModelVersion }) {
  const words = useHomeWords();
  const scores = scoresOf(model);
  return (
    <Panel className={classes['score']}>
      {scores !== null && (
        <DotPlot
          label={words('scoreLabel')}
          unit={words('points')}
          minimum={0}
          maximum={100}
          base={scores.base}
          tuned={scores.tuned}
          tunedLabel={`${model.name}:v${model.version}`}
        />
      )}
      {model.verdict !== null && (
        <p className={classes['quiet']}>
          <Said text={model.verdict} />
        </p>
      )}
      <div className={classes['links']}>
        <LinkButton to={`/models/${encodeURIComponent(model.name)}/${model.version}/chat`}>{words('askIt')}</LinkButton>
        <LinkButton kind="link" to="/models">
          {words('openModels')}
        </LinkButton>
      </div>
    </Panel>
  );
}
