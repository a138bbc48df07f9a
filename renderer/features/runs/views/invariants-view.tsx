import Check from 'lucide-react/icons/check';
import X from 'lucide-react/icons/x';
import { Term } from '../../../ui/term.tsx';
import type { Invariant } from '../run-recorder.ts';
import { useRunsWords } from '../runs-words.ts';
import { Said } from '../../../words/said.tsx';
import classes from './details.module.css';

/** What must hold in every training, and whether it did: a tick or a cross, each with its word. */
export function InvariantsView({ invariants }: { readonly invariants: readonly Invariant[] }) {
  const words = useRunsWords();
  if (invariants.length === 0) return <p className={classes['nothing']}>{words('invariantsNone')}</p>;
  return (
    <>
      <p className={classes['quiet']}>
        <Term id="invariant">{words('tabInvariants')}</Term>: {words('invariantsHint')}
      </p>
      <ul className={classes['ticks']}>
        {invariants.map(({ name, ok, detail }) => (
          <li key={name} data-holds={ok}>
            {ok ? <Check aria-hidden="true" /> : <X aria-hidden="true" />}
            <span>
              <strong>
                <Said text={name.replaceAll('-', ' ')} />
              </strong>{' '}
              {words(ok ? 'invariantHolds' : 'invariantBroken')}
            </span>
            <span className={classes['secondary']}>
              <Said text={detail} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
