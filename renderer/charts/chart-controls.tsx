import ChartLine from 'lucide-react/icons/chart-line';
import Maximize2 from 'lucide-react/icons/maximize-2';
import Table2 from 'lucide-react/icons/table-2';
import type { ReactNode } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { Slider } from '../ui/slider.tsx';
import { Switch } from '../ui/switch.tsx';
import { formatShare } from '../words/format.ts';
import type { ChartView } from './chart-memory.ts';
import { useChartWords } from './chart-words.ts';
import classes from './line-chart.module.css';

interface ChartControlsProps {
  readonly title: string;
  readonly view: ChartView;
  readonly onView: (change: Partial<ChartView>) => void;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
  readonly isLarge: boolean;
  readonly formatStep: (step: number) => string;
  readonly children?: ReactNode;
}

/** Smoothing, scale, range and table of one chart. Small charts have the signs alone. */
export function ChartControls({
  title,
  view,
  onView,
  isTable,
  onTable,
  isLarge,
  formatStep,
  children,
}: ChartControlsProps) {
  const words = useChartWords();
  const tableWord = words(isTable ? 'asChart' : 'asTable');
  const tableIcon = isTable ? <ChartLine aria-hidden="true" /> : <Table2 aria-hidden="true" />;
  return (
    <div className={classes['controls']} role="group" aria-label={title}>
      {children}
      {view.range !== null && (
        <Button
          kind="quiet"
          icon={<Maximize2 aria-hidden="true" />}
          title={words('zoomedTo', { from: formatStep(view.range.from), to: formatStep(view.range.to) })}
          onClick={() => onView({ range: null })}
        >
          {words('wholeRun')}
        </Button>
      )}
      {isLarge && (
        <>
          <span className={classes['smoothing']}>
            <span aria-hidden="true">{words('smoothing')}</span>
            <Slider
              label={words('smoothing')}
              value={view.smoothing}
              min={0}
              max={0.95}
              step={0.05}
              format={formatShare}
              onChange={(smoothing) => onView({ smoothing })}
            />
          </span>
          <Switch checked={view.isLog} onChange={(isLog) => onView({ isLog })}>
            {words('logScale')}
          </Switch>
        </>
      )}
      <IconButton label={`${title}: ${tableWord}`} icon={tableIcon} onClick={() => onTable(!isTable)} />
    </div>
  );
}
