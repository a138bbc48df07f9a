import Columns2 from 'lucide-react/icons/columns-2';
import FileUp from 'lucide-react/icons/file-up';
import FlaskConical from 'lucide-react/icons/flask-conical';
import type { ReactNode } from 'react';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { formatBytes, formatDuration } from '../../../words/format.ts';
import type { SampleForecast } from '../home-store.ts';
import { useHomeWords, type HomeWords } from '../home-words.ts';
import classes from './home.module.css';

export interface StartCardsProps {
  /** Null: not estimated. */
  readonly sample: SampleForecast | null;
  readonly onSample: () => void;
}

/** The three beginnings, each with how long it takes. */
export function StartCards({ sample, onSample }: StartCardsProps) {
  const words = useHomeWords();
  return (
    <ul className={classes['cards']}>
      <Card
        icon={<FlaskConical />}
        title={words('cardSample')}
        text={words('cardSampleText')}
        time={sampleTime(words, sample)}
      >
        <Button kind="primary" onClick={onSample}>
          {words('cardSampleDo')}
        </Button>
      </Card>
      <Card icon={<FileUp />} title={words('cardData')} text={words('cardDataText')} time={words('cardDataTime')}>
        <LinkButton to="/create">{words('cardDataDo')}</LinkButton>
      </Card>
      <Card
        icon={<Columns2 />}
        title={words('cardCompare')}
        text={words('cardCompareText')}
        time={words('cardCompareTime')}
      >
        <LinkButton to="/compare">{words('cardCompareDo')}</LinkButton>
      </Card>
    </ul>
  );
}

function sampleTime(words: HomeWords, sample: SampleForecast | null): string {
  if (sample === null) return words('aboutUnknown');
  const time = formatDuration(sample.totalSeconds);
  if (sample.downloadBytes === 0) return words('about', { time });
  return words('aboutAndFetch', { time, size: formatBytes(sample.downloadBytes) });
}

interface CardProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly time: string;
  readonly children: ReactNode;
}

function Card({ icon, title, text, time, children }: CardProps) {
  return (
    <li className={classes['card']}>
      <span className={classes['cardIcon']} aria-hidden>
        {icon}
      </span>
      <h2>{title}</h2>
      <p className={classes['quiet']}>{text}</p>
      <p className={classes['time']}>{time}</p>
      <div className={classes['cardAction']}>{children}</div>
    </li>
  );
}
