import FileUp from 'lucide-react/icons/file-up';
import { useId, useRef, useState, type DragEvent, type ReactNode } from 'react';
import { useShell } from '../shell/use-shell.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';
import { chosenFolder, droppedFiles, isAccepted, type DroppedFolder } from './dropped-files.ts';
import styles from './file-drop.module.css';
import { Notice } from './notice.tsx';
import { useUiWords } from './ui-words.ts';

export interface FileDropProps {
  /** Files whose content the page can read; called where their path cannot be known. */
  readonly onFiles: (files: readonly File[]) => void;
  /** Paths, in the desktop window: of files, and of folders. Without it `onFiles` is called there too. */
  readonly onPaths?: ((paths: readonly string[]) => void) | undefined;
  /** A folder where its path cannot be known: dropped, or chosen with a second button. Without it folders are refused with a sentence. */
  readonly onFolder?: ((folder: DroppedFolder) => void) | undefined;
  /** Endings: ".csv,.tsv,.jsonl,.json". Others are refused with a sentence. */
  readonly accept?: string | undefined;
  /** What to drop: "Drop a file with examples here". */
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly multiple?: boolean;
  readonly disabled?: boolean;
  readonly className?: string | undefined;
}

/** A place to drop files on, with a button for everyone who does not drag. */
export function FileDrop(props: FileDropProps) {
  const { accept, label, hint, multiple = false, disabled = false, className, ...rest } = props;
  const { onFiles: _files, onPaths: _paths, onFolder, ...passedOn } = rest;
  const words = useUiWords();
  const input = useRef<HTMLInputElement>(null);
  const labelId = useId();
  const { problem, take } = useTaking(props);
  const drag = useDrag(disabled, (event) => {
    const { files, folders } = droppedFiles(event.dataTransfer.items);
    take(files, folders);
  });
  return (
    <div
      className={classes(styles['drop'], drag.over && styles['over'], className)}
      data-disabled={disabled || undefined}
      {...drag.handlers}
      {...passedOn}
    >
      <FileUp aria-hidden className={styles['sign']} />
      <p id={labelId} className={styles['label']}>
        {drag.over ? words('dropHere') : label}
      </p>
      {hint !== undefined && <p className={styles['hint']}>{hint}</p>}
      <div className={styles['buttons']}>
        <Button disabled={disabled} aria-describedby={labelId} onClick={() => input.current?.click()}>
          {words('chooseFile')}
        </Button>
        {onFolder !== undefined && <FolderButton disabled={disabled} describedBy={labelId} onFolder={onFolder} />}
      </div>
      <input
        ref={input}
        type="file"
        hidden
        tabIndex={-1}
        accept={accept}
        multiple={multiple}
        onChange={(event) => {
          take([...(event.target.files ?? [])], []);
          event.target.value = '';
        }}
      />
      {problem !== null && (
        <Notice tone="warn" className={styles['problem']}>
          <span role="alert">{problem}</span>
        </Notice>
      )}
    </div>
  );
}

interface FolderButtonProps {
  readonly disabled: boolean;
  readonly describedBy: string;
  readonly onFolder: (folder: DroppedFolder) => void;
}

/** The browser's own dialog for folders. The desktop has a better one, that gives the path. */
function FolderButton({ disabled, describedBy, onFolder }: FolderButtonProps) {
  const words = useUiWords();
  const shell = useShell();
  // Kept here while the dialog is open: one that nobody holds may be gone before it answers.
  const input = useRef<HTMLInputElement>(null);
  if (shell.canPickPath) return null;
  const choose = (): void => {
    const made = document.createElement('input');
    made.type = 'file';
    made.webkitdirectory = true;
    made.addEventListener('change', () => {
      const folder = chosenFolder([...(made.files ?? [])]);
      if (folder !== null) onFolder(folder);
    });
    input.current = made;
    made.click();
  };
  return (
    <Button kind="quiet" disabled={disabled} aria-describedby={describedBy} onClick={choose}>
      {words('chooseFolder')}
    </Button>
  );
}

function useTaking({ onFiles, onPaths, onFolder, accept, multiple = false }: FileDropProps) {
  const words = useUiWords();
  const shell = useShell();
  const [problem, setProblem] = useState<string | null>(null);
  const pathsOf = (files: readonly File[]): readonly string[] =>
    files.map((file) => shell.pathOfFile(file)).filter((path) => path !== null);
  const take = (all: readonly File[], folders: readonly DroppedFolder[]): void => {
    setProblem(null);
    const wanted = multiple ? all : all.slice(0, 1);
    const refused = wanted.find((file) => !isAccepted(file.name, accept));
    const places = folders.flatMap(({ place }) => place ?? []);
    const paths = onPaths === undefined ? [] : pathsOf([...wanted, ...places]);
    const [folder] = folders;
    if (refused !== undefined) setProblem(words('typeRefused', { name: refused.name, accepted: accept ?? '' }));
    else if (paths.length > 0) onPaths?.(multiple ? paths : paths.slice(0, 1));
    else if (folder !== undefined && onFolder !== undefined) onFolder(folder);
    else if (folder !== undefined) setProblem(words('folderRefused'));
    else if (wanted.length > 0) onFiles(wanted);
  };
  return { problem, take };
}

/** Enter and leave also come from the children, so they are counted. */
function useDrag(disabled: boolean, onDrop: (event: DragEvent) => void) {
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  const carriesFiles = (event: DragEvent): boolean => !disabled && event.dataTransfer.types.includes('Files');
  const handlers = {
    onDragEnter: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth.current += 1;
      setOver(true);
    },
    onDragOver: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDragLeave: () => {
      depth.current = Math.max(0, depth.current - 1);
      if (depth.current === 0) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      onDrop(event);
    },
  };
  return { over, handlers };
}
