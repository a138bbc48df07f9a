import FolderOpen from 'lucide-react/icons/folder-open';
import type { MainJobResult } from '#contract/main-job.ts';
import { IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { useShell } from '../../../shell/use-shell.ts';
import { formatBytes, formatNumber } from '../../../words/format.ts';
import { keptCheckpoints } from '../run-figures.ts';
import type { Checkpoint } from '../run-recorder.ts';
import { useRunsWords, type RunsWords } from '../runs-words.ts';
import classes from './details.module.css';

interface FilesViewProps {
  readonly result: Pick<MainJobResult, 'adapterPath' | 'ggufPath'> | null;
  readonly checkpoints: readonly Checkpoint[];
}

interface FileLine {
  readonly name: string;
  readonly path: string;
  readonly bytes: number | null;
}

/** What the run wrote, with the paths to copy. */
export function FilesView({ result, checkpoints }: FilesViewProps) {
  const words = useRunsWords();
  const { canPickPath, reveal } = useShell();
  const files = filesOf(result, checkpoints, words);
  if (files.length === 0) return <p className={classes['nothing']}>{words('filesNone')}</p>;
  return (
    <div className={classes['scroll']} tabIndex={0} role="region" aria-label={words('tabFiles')}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{words('file')}</th>
            <th scope="col">{words('size')}</th>
            <th scope="col">
              <span className="visually-hidden">{words('actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ name, path, bytes }) => (
            <tr key={`${name} ${path}`}>
              <td className={classes['wide']}>
                {name}
                <span className={classes['path']}>{path}</span>
              </td>
              <td className={classes['number']}>{bytes === null ? '' : formatBytes(bytes)}</td>
              <td className={classes['buttons']}>
                {canPickPath && isAbsolute(path) && (
                  <IconButton
                    label={words('reveal')}
                    icon={<FolderOpen aria-hidden="true" />}
                    onClick={() => void reveal(path)}
                  />
                )}
                <CopyButton label={words('copyPath')} text={path} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function filesOf(
  result: FilesViewProps['result'],
  checkpoints: readonly Checkpoint[],
  words: RunsWords,
): readonly FileLine[] {
  const { adapterPath = null, ggufPath = null } = result ?? {};
  const made: readonly FileLine[] = [
    ...(ggufPath === null ? [] : [{ name: words('fileModel'), path: ggufPath, bytes: null }]),
    ...(adapterPath === null ? [] : [{ name: words('fileAdapter'), path: adapterPath, bytes: null }]),
  ];
  const kept = keptCheckpoints(checkpoints).map(({ step, best, path, bytes }) => ({
    name: words(best ? 'fileCheckpointBest' : 'fileCheckpoint', { step: formatNumber(step) }),
    path,
    bytes,
  }));
  return [...made, ...kept];
}

/** Checkpoints are told relative to their attempt. */
function isAbsolute(path: string): boolean {
  return /^([/\\]|[A-Za-z]:)/.test(path);
}
