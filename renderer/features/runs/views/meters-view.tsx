import type { MeterReading } from '#contract/hardware.ts';
import { Sparkline } from '../../../ui/sparkline.tsx';
import { formatBytes, formatDuration, formatNumber, formatShare } from '../../../words/format.ts';
import { useRunsWords, type RunsWords } from '../runs-words.ts';
import classes from './details.module.css';

interface MeterLine {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly values: readonly (number | null)[];
  readonly maximum: number | undefined;
}

/** How busy the machine is: now in figures, the last minutes in lines. */
export function MetersView({ readings }: { readonly readings: readonly MeterReading[] }) {
  const words = useRunsWords();
  const last = readings.at(-1);
  const first = readings[0];
  if (last === undefined || first === undefined) return <p className={classes['nothing']}>{words('metersNone')}</p>;
  const lines = [...machineLines(readings, last, words), ...graphicsLines(readings, last, words)];
  return (
    <div className={classes['meters']}>
      {lines.map(({ id, name, text, values, maximum }) => (
        <div key={id} className={classes['meter']}>
          <span>{name}</span>
          <strong>{text}</strong>
          <Sparkline
            values={values}
            label={`${name}: ${text}`}
            minimum={0}
            maximum={maximum}
            className={classes['spark']}
          />
        </div>
      ))}
      <p className={classes['quiet']}>{words('metersLast', { time: formatDuration((last.t - first.t) / 1000) })}</p>
    </div>
  );
}

function machineLines(readings: readonly MeterReading[], last: MeterReading, words: RunsWords): MeterLine[] {
  const { memoryTotalBytes: total, workerMemoryBytes: worker } = last;
  return [
    {
      id: 'processor',
      name: words('meterProcessor'),
      text: formatShare(last.processor),
      values: readings.map(({ processor }) => processor),
      maximum: 1,
    },
    {
      id: 'memory',
      name: words('meterMemory'),
      text: words('ofTotal', { used: formatBytes(last.memoryUsedBytes), total: formatBytes(total) }),
      values: readings.map(({ memoryUsedBytes }) => memoryUsedBytes),
      maximum: total,
    },
    ...(worker === null
      ? []
      : [
          {
            id: 'worker',
            name: words('meterWorker'),
            text: formatBytes(worker),
            values: readings.map(({ workerMemoryBytes }) => workerMemoryBytes),
            maximum: total,
          },
        ]),
    {
      id: 'disk',
      name: words('meterDisk'),
      text: formatBytes(last.diskFreeBytes),
      values: readings.map(({ diskFreeBytes }) => diskFreeBytes),
      maximum: undefined,
    },
  ];
}

/** Only what the card says of itself. */
function graphicsLines(readings: readonly MeterReading[], { graphics }: MeterReading, words: RunsWords): MeterLine[] {
  if (graphics === null) return [];
  const { name, use, memoryUsedBytes: used, memoryTotalBytes: total, celsius } = graphics;
  const lines: (MeterLine | null)[] = [
    use === null
      ? null
      : {
          id: 'graphics',
          name: `${words('meterGraphics')}, ${name}`,
          text: formatShare(use),
          values: readings.map((reading) => reading.graphics?.use ?? null),
          maximum: 1,
        },
    used === null
      ? null
      : {
          id: 'graphics-memory',
          name: words('meterGraphicsMemory'),
          text:
            total === null
              ? formatBytes(used)
              : words('ofTotal', { used: formatBytes(used), total: formatBytes(total) }),
          values: readings.map((reading) => reading.graphics?.memoryUsedBytes ?? null),
          maximum: total ?? undefined,
        },
    celsius === null
      ? null
      : {
          id: 'temperature',
          name: words('meterTemperature'),
          text: `${formatNumber(celsius)}\u00A0°C`,
          values: readings.map((reading) => reading.graphics?.celsius ?? null),
          maximum: 100,
        },
  ];
  return lines.filter((line) => line !== null);
}
