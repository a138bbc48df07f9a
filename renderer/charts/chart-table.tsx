import { tableSteps, type StepRange } from './chart-range.ts';
import type { ChartSeries } from './chart-series.ts';
import { useChartWords } from './chart-words.ts';
import classes from './line-chart.module.css';

interface ChartTableProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly range: StepRange;
  readonly formatStep: (step: number) => string;
  readonly formatValue: (value: number) => string;
}

const mostRows = 200;

/** The same values as figures. */
export function ChartTable({ title, series, range, formatStep, formatValue }: ChartTableProps) {
  const words = useChartWords();
  const steps = tableSteps(
    series.map(({ data }) => data),
    range,
    mostRows,
  );
  const total = Math.max(0, ...series.map(({ data }) => data.length));
  return (
    <div className={classes['tableArea']} tabIndex={0} role="region" aria-label={title}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{words('step')}</th>
            {series.map(({ id, label }) => (
              <th key={id} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step}>
              <th scope="row">{formatStep(step)}</th>
              {series.map(({ id, data }) => {
                const index = data.indexOf(step);
                const value = data.value(index);
                const isHere = index < data.length && data.step(index) === step;
                return (
                  <td key={id}>{isHere ? (Number.isNaN(value) ? words('notANumber') : formatValue(value)) : ''}</td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {steps.length === mostRows && (
        <p className={classes['tableNote']}>{words('tableThinned', { shown: mostRows, total })}</p>
      )}
    </div>
  );
}
