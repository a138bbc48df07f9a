import { settingRows } from '../run-figures.ts';
import type { Hello } from '../run-recorder.ts';
import { useRunsWords } from '../runs-words.ts';
import { spokenName } from '../story.ts';
import { Said } from '../../../words/said.tsx';
import classes from './details.module.css';

/** What really held, as the process said at its start, and why. */
export function SettingsView({ hello }: { readonly hello: Hello | null }) {
  const words = useRunsWords();
  const rows = settingRows(hello);
  if (hello === null || rows.length === 0) return <p className={classes['nothing']}>{words('settingsNone')}</p>;
  const versions = Object.entries(hello.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  return (
    <>
      <p className={classes['quiet']}>{words('settingsOn', { device: hello.device.name, versions })}</p>
      <div className={classes['scroll']} tabIndex={0} role="region" aria-label={words('tabSettings')}>
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">{words('setting')}</th>
              <th scope="col">{words('value')}</th>
              <th scope="col">{words('reason')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, value, reason }) => (
              <tr key={name}>
                <th scope="row">
                  <Said text={spokenName(name)} />
                </th>
                <td className={classes['code']}>{value}</td>
                <td className={classes['secondary']}>
                  <Said text={reason} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
