import { Link, useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useEffect } from 'react';
import { useShell } from '../shell/use-shell.ts';
import { Keys } from '../ui/key-hint.tsx';
import { useFrameWords } from './frame-words.ts';
import classes from './frame.module.css';
import { places } from './places.ts';

/** The few places there are; icons alone below 1100 px. Alt and a digit goes to each. */
export function Rail({ onPalette }: { readonly onPalette: () => void }) {
  const words = useFrameWords();
  const { platform } = useShell();
  usePlaceKeys();
  return (
    <nav className={classes['rail']} aria-label={words('places')}>
      <p className={classes['brand']} aria-hidden="true">
        <span className={classes['brandMark']} />
        <span className={classes['railWord']}>Forge</span>
      </p>
      <ul className={classes['places']}>
        {places.map(({ to, word, icon: Icon, digit }) => (
          <li key={to} className={word === 'settings' ? classes['last'] : undefined}>
            <Link
              to={to}
              className={classes['place']}
              activeOptions={{ exact: to === '/' }}
              activeProps={{ className: classes['placeNow'] ?? '', 'aria-current': 'page' }}
              title={`${words(word)} (Alt+${digit})`}
            >
              <Icon size={16} aria-hidden="true" />
              <span className={classes['railWord']}>{words(word)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <button type="button" className={classes['place']} onClick={onPalette} title={words('commands')}>
        <Search size={16} aria-hidden="true" />
        <span className={classes['railWord']}>
          {words('commands')} <Keys keys={platform === 'darwin' ? '⌘K' : 'Ctrl+K'} />
        </span>
      </button>
    </nav>
  );
}

function usePlaceKeys(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const place = places.find(({ digit }) => event.code === `Digit${digit}`);
      if (place === undefined) return;
      event.preventDefault();
      void navigate({ to: place.to });
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate]);
}
