import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { Section } from '../../../ui/page.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import type { Happening } from '../happenings.ts';
import { useHomeWords } from '../home-words.ts';
import { useSpeaker } from '../../../words/speaker.ts';
import classes from './home.module.css';

const toneOf = {
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'neutral',
  interrupted: 'warn',
  compared: 'info',
  'comparison-stopped': 'neutral',
} as const satisfies Record<Happening['kind'], BadgeTone>;

/** The last things that came to an end; each leads to its page. */
export function HappeningList({ happenings }: { readonly happenings: readonly Happening[] }) {
  const words = useHomeWords();
  const { say } = useSpeaker();
  return (
    <Section title={words('last')}>
      {happenings.length === 0 ? (
        <p className={classes['quiet']}>{words('lastNone')}</p>
      ) : (
        <ul className={classes['rows']}>
          {happenings.map(({ id, kind, name, text, at, to }) => (
            <li key={id} className={classes['happening']}>
              <Badge tone={toneOf[kind]}>{words(kind)}</Badge>
              <a className={classes['rowName']} href={`#${to}`}>
                {name === '' ? words('untitled') : name}
              </a>
              <span className={classes['rowText']} title={say(text)}>
                {say(text)}
              </span>
              <RelativeTime time={at} className={classes['rowTime']} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
