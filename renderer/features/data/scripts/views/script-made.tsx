import type { ScriptReport } from '#contract/scripts.ts';
import { LinkButton } from '../../../../ui/button.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { formatNumber } from '../../../../words/format.ts';
import { versionId } from '../../dataset-rows.ts';
import { useDatasetsWords } from '../../datasets-words.ts';

/** What came of a whole run. */
export function ScriptMade({ report: { name, version, all } }: { readonly report: ScriptReport }) {
  const words = useDatasetsWords();
  if (all === null) return null;
  if (version === null) return <Notice tone="warn">{words('madeNothing')}</Notice>;
  const id = versionId({ name, version });
  const { changed, dropped, added, merged } = all;
  return (
    <Notice
      tone="good"
      title={<span role="status">{words('madeTitle', { version: id, rows: formatNumber(all.rows) })}</span>}
      action={<LinkButton to={`/data/${name}/v${version}`}>{words('openMade', { version: id })}</LinkButton>}
    >
      {words('madeCounts', {
        changed: formatNumber(changed),
        dropped: formatNumber(dropped),
        added: formatNumber(added),
        merged: formatNumber(merged),
      })}
    </Notice>
  );
}
