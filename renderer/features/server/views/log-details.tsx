import type { LogLine } from '#contract/engine-log.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { currentLanguage } from '../../../words/language.ts';
import { clockTime, lineText } from '../log-text.ts';
import { useLogWords } from '../log-words.ts';
import classes from './log.module.css';

/** All that was noted in one line. */
export function LogDetails({ line }: { readonly line: LogLine }) {
  const words = useLogWords();
  const { t, level, module, message } = line;
  const fields = Object.entries(line.fields);
  return (
    <div className={classes['details']}>
      <p className={classes['whole']}>{message}</p>
      <dl className={classes['facts']}>
        {t !== null && (
          <>
            <dt>{words('when')}</dt>
            <dd>
              {dayOf(t)}, {clockTime(t)}
            </dd>
          </>
        )}
        <dt>{words('levelOf')}</dt>
        <dd>{level === null ? words('plain') : words(`level-${level}`)}</dd>
        {module !== null && (
          <>
            <dt>{words('module')}</dt>
            <dd>{module}</dd>
          </>
        )}
      </dl>
      {fields.length === 0 ? (
        t !== null && <p className={classes['quiet']}>{words('noFields')}</p>
      ) : (
        <dl className={classes['fields']}>
          {fields.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={classes['value']}>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <div>
        <CopyButton kind="plain" text={lineText(line)} label={words('copyLine')}>
          {words('copyLine')}
        </CopyButton>
      </div>
    </div>
  );
}

const dayOf = (t: number): string => new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'medium' }).format(t);
