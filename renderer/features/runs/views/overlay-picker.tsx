import Layers from 'lucide-react/icons/layers';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { useRunsWords } from '../runs-words.ts';
import classes from './run.module.css';

export const mostOverlays = 3;

export interface OverlayChoice {
  /** Runs that were trained, newest first. */
  readonly candidates: readonly { readonly job: string; readonly name: string }[];
  /** Their worker jobs. */
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
}

/** Which other runs lie over the curves: up to three. */
export function OverlayPicker({ candidates, chosen, onChoose }: OverlayChoice) {
  const words = useRunsWords();
  const label = chosen.length === 0 ? words('overlay') : words('overlayCount', { count: chosen.length });
  const toggle = (job: string, isWanted: boolean): void =>
    onChoose(isWanted ? [...chosen, job].slice(-mostOverlays) : chosen.filter((known) => known !== job));
  return (
    <Popover
      align="end"
      title={words('overlay')}
      trigger={
        <Button kind="quiet" icon={<Layers aria-hidden="true" />} className={classes['overlayButton']}>
          {label}
        </Button>
      }
    >
      <div className={classes['overlays']}>
        {candidates.length === 0 ? (
          <p className={classes['quiet']}>{words('overlayNone')}</p>
        ) : (
          <p className={classes['quiet']}>{words('overlayHint')}</p>
        )}
        {candidates.map(({ job, name }) => (
          <Checkbox
            key={job}
            checked={chosen.includes(job)}
            disabled={!chosen.includes(job) && chosen.length >= mostOverlays}
            onChange={(isWanted) => toggle(job, isWanted)}
          >
            {name}
          </Checkbox>
        ))}
      </div>
    </Popover>
  );
}
