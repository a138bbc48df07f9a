import { useState } from 'react';
import { LinkButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DotPlot } from '../../../ui/dot-plot.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { Term } from '../../../ui/term.tsx';
import { formatBytes, formatNumber, formatShare } from '../../../words/format.ts';
import { parityLines, type ModelRow, type ParityLine } from '../model-rows.ts';
import { useModelsWords } from '../models-words.ts';
import { ExportDialog } from './export-dialog.tsx';
import { ExportProgress } from './export-progress.tsx';
import { ModelActions, ModelServing } from './model-actions.tsx';
import type { ModelInspectorProps } from './models-props.ts';
import { Said } from '../../../words/said.tsx';
import classes from './models-view.module.css';

/** All that is known of one version, and what can be done with it. */
export function ModelInspector(props: ModelInspectorProps) {
  const { row, state, handlers } = props;
  const words = useModelsWords();
  const [isExporting, setExporting] = useState(false);
  const run = state.exports[row.id];
  return (
    <div className={classes['inspector']}>
      <div className={classes['block']}>
        <p className={classes['verdict']}>
          {row.version.verdict === null ? words('verdictNone') : <Said text={row.version.verdict} />}
        </p>
        {row.tunedScore !== null && (
          <DotPlot
            base={row.baseScore}
            tuned={row.tunedScore}
            minimum={0}
            maximum={100}
            unit=""
            label={words('scoreLabel')}
          />
        )}
      </div>
      <ModelActions {...props} onExport={() => setExporting(true)} />
      {run !== undefined && (
        <ExportProgress id={row.id} run={run} handlers={handlers} onElsewhere={() => setExporting(true)} />
      )}
      <ModelServing {...props} />
      <Facts row={row} />
      <Parity row={row} />
      <ExportDialog
        row={row}
        isOpen={isExporting}
        onClose={() => setExporting(false)}
        onExport={(request) => {
          setExporting(false);
          handlers.export(request);
        }}
      />
    </div>
  );
}

function Facts({ row: { version, data, dataset, rows } }: { readonly row: ModelRow }) {
  const words = useModelsWords();
  const { base, createdAt, quantisation, sizeBytes, ggufSha256, directory } = version;
  return (
    <section className={classes['block']}>
      <h3>{words('details')}</h3>
      <dl className={classes['facts']}>
        <dt>
          <Term id="base">{words('base')}</Term>
        </dt>
        <dd>{base}</dd>
        <dt>{words('data')}</dt>
        <dd>
          {data === null ? '–' : data === 'sample' ? words('sample') : data}
          {rows !== null && ` · ${words('rows', { count: rows })}`}
        </dd>
        {dataset !== null && (
          <>
            <dt>{words('datasetVersion')}</dt>
            <dd>
              <LinkButton kind="quiet" to={`/data/${dataset.name}/v${dataset.version}`}>
                {dataset.name}:v{dataset.version}
              </LinkButton>
              <span className={classes['code']} title={dataset.digest}>
                {dataset.digest.slice(0, 12)}…
              </span>
              <CopyButton text={dataset.digest} label={words('copyChecksum')} />
            </dd>
          </>
        )}
        <dt>{words('made')}</dt>
        <dd>
          <RelativeTime time={createdAt} />
        </dd>
        <dt>
          <Term id="quantisation">{words('type')}</Term>
        </dt>
        <dd>{quantisation ?? '–'}</dd>
        <dt>{words('fileSize')}</dt>
        <dd>{sizeBytes === null ? '–' : formatBytes(sizeBytes)}</dd>
        {ggufSha256 !== null && (
          <>
            <dt>{words('checksum')}</dt>
            <dd>
              <span className={classes['code']}>{ggufSha256.slice(0, 16)}…</span>
              <CopyButton text={ggufSha256} label={words('copyChecksum')} />
            </dd>
          </>
        )}
        <dt>{words('folder')}</dt>
        <dd>
          <span className={classes['code']} title={directory}>
            {directory}
          </span>
          <CopyButton text={directory} label={words('copyPath')} />
        </dd>
      </dl>
    </section>
  );
}

function Parity({ row: { version } }: { readonly row: ModelRow }) {
  const words = useModelsWords();
  return (
    <section className={classes['block']}>
      <h3>
        <Term id="parity">{words('parityTitle')}</Term>
      </h3>
      {version.parity === null ? (
        <p className={classes['hint']}>{words('parityNone')}</p>
      ) : (
        <ul className={classes['gates']}>
          {parityLines(version.parity).map((line) => (
            <li key={line.gate} className={classes['gate']}>
              <span className={classes['gateName']}>{words(`gate-${line.gate}`)}</span>
              <span className={classes['gateMeasured']}>{measuredText(line, words)}</span>
              <Badge tone={line.passed ? 'good' : 'bad'}>{words(line.passed ? 'gatePassed' : 'gateFailed')}</Badge>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function measuredText({ measured }: ParityLine, words: ReturnType<typeof useModelsWords>): string {
  if ('share' in measured) return formatShare(measured.share, 1);
  return words('gateOf', { equal: formatNumber(measured.equal), of: formatNumber(measured.of) });
}
