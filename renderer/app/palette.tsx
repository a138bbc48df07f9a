import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useStoreOf } from '../connection/use-store.ts';
import { useShell } from '../shell/use-shell.ts';
import { useToast } from '../ui/toast.tsx';
import { failureOf } from '../connection/engine-access.ts';
import type { Theme } from './appearance.ts';
import { createFrameStore } from './frame-store.ts';
import { useFrameWords } from './frame-words.ts';
import { speakerNow } from '../words/speaker.ts';
import classes from './palette.module.css';
import { places } from './places.ts';

interface PaletteProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly run: () => void | Promise<void>;
}

/** Everything by typing: places first, then what can be done now. */
export function Palette({ open, onClose }: PaletteProps) {
  const words = useFrameWords();
  const toast = useToast();
  const goTo = usePlaceEntries();
  const act = useActEntries();
  const choose = (entry: Entry): void => {
    onClose();
    Promise.resolve(entry.run()).catch((error: unknown) =>
      toast({ tone: 'bad', text: speakerNow().failure(failureOf(error)).message }),
    );
  };
  return (
    <Command.Dialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      label={words('commands')}
      overlayClassName={classes['overlay'] ?? ''}
      contentClassName={classes['panel'] ?? ''}
      loop
    >
      <Command.Input className={classes['input']} placeholder={words('searchCommands')} />
      <Command.List className={classes['list']}>
        <Command.Empty className={classes['empty']}>{words('noCommand')}</Command.Empty>
        <Group heading={words('goTo')} entries={goTo} onChoose={choose} />
        <Group heading={words('act')} entries={act} onChoose={choose} />
      </Command.List>
    </Command.Dialog>
  );
}

interface GroupProps {
  readonly heading: string;
  readonly entries: readonly Entry[];
  readonly onChoose: (entry: Entry) => void;
}

function Group({ heading, entries, onChoose }: GroupProps) {
  return (
    <Command.Group heading={heading} className={classes['group']}>
      {entries.map((entry) => (
        <Command.Item key={entry.id} className={classes['item']} onSelect={() => onChoose(entry)}>
          {entry.label}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

function usePlaceEntries(): readonly Entry[] {
  const words = useFrameWords();
  const navigate = useNavigate();
  return places.map(({ to, word }) => ({ id: to, label: words(word), run: () => navigate({ to }) }));
}

function useActEntries(): readonly Entry[] {
  const words = useFrameWords();
  const navigate = useNavigate();
  const shell = useShell();
  const serving = useStoreOf(createFrameStore, (state) => state.serving);
  const startServer = useStoreOf(createFrameStore, (state) => state.startServer);
  const stopServer = useStoreOf(createFrameStore, (state) => state.stopServer);
  const chooseTheme = useStoreOf(createFrameStore, (state) => state.chooseTheme);
  const url = serving?.url ?? null;
  const theme = (id: Theme, label: string): Entry => ({
    id,
    label,
    run: () => chooseTheme(id),
  });
  return [
    { id: 'new', label: words('newModel'), run: () => navigate({ to: '/create' }) },
    { id: 'data', label: words('bringData'), run: () => navigate({ to: '/data/import' }) },
    serving?.running === true
      ? { id: 'server', label: words('stopServer'), run: stopServer }
      : { id: 'server', label: words('startServer'), run: startServer },
    ...(url === null ? [] : [{ id: 'address', label: words('copyAddress'), run: () => shell.copy(url) }]),
    theme('dark', words('darkTheme')),
    theme('light', words('lightTheme')),
    theme('contrast', words('contrastTheme')),
  ];
}
