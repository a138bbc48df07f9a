import { useEffect, useRef, useState, type RefObject } from 'react';
import { failureOf } from '../../../connection/engine-access.ts';
import { useToast } from '../../../ui/toast.tsx';
import { formatBytes } from '../../../words/format.ts';
import { consoleWindowBytes } from '../console-feed.ts';
import { useRunsWords } from '../runs-words.ts';
import type { ConsoleSource } from './console-source.ts';
import { createConsoleTerminal, type ConsoleTerminal } from './terminal.ts';
import { speakerNow } from '../../../words/speaker.ts';

export interface UseConsole {
  readonly source: ConsoleSource;
  readonly name: string;
  readonly hostRef: RefObject<HTMLDivElement | null>;
  readonly onFollow: (isFollowing: boolean) => void;
}

/** The terminal and which part of the console it shows: the newest, or an older piece from the disk. */
export function useConsole(options: UseConsole) {
  const { source } = options;
  const words = useRunsWords();
  const toast = useToast();
  const terminalRef = useTerminal(options);
  /** First byte of an older piece; null shows the newest. */
  const [older, setOlder] = useState<number | null>(null);
  const [start, setStart] = useState(0);
  const [isEmpty, setEmpty] = useState(true);
  const [hasEnded, setEnded] = useState(false);
  const latest = useRef({ words, source });
  useEffect(() => void (latest.current = { words, source }));
  useEffect(() => {
    if (older !== null) return;
    terminalRef.current?.clear();
    return latest.current.source.open({
      onStart: setStart,
      onText: (text) => {
        setEmpty(false);
        terminalRef.current?.write(text);
      },
      onSkipped: (from, to) => {
        const note = latest.current.words('consoleSkipped', { size: formatBytes(to - from) });
        terminalRef.current?.write(`\r\n\u001B[2m${note}\u001B[0m\r\n`);
      },
      onEnd: () => setEnded(true),
    });
  }, [source.key, older, words, terminalRef]);
  const before = older ?? start;
  const showOlder = (): void => {
    const from = Math.max(0, before - consoleWindowBytes);
    const reading = source.read({ from, to: before }).then((text) => {
      setOlder(from);
      terminalRef.current?.clear();
      terminalRef.current?.write(text);
    });
    reading.catch((error: unknown) =>
      toast({ tone: 'bad', text: `${words('consoleFailed')}: ${speakerNow().failure(failureOf(error)).message}` }),
    );
  };
  const showNewest = (): void => setOlder(null);
  return { terminalRef, isEmpty, hasEnded, before, isOlder: older !== null, showOlder, showNewest };
}

/** One terminal for as long as the view stands; made anew with its name or the language. */
function useTerminal({ name, hostRef, onFollow }: UseConsole): RefObject<ConsoleTerminal | null> {
  const words = useRunsWords();
  const terminalRef = useRef<ConsoleTerminal | null>(null);
  const latest = useRef(onFollow);
  useEffect(() => void (latest.current = onFollow));
  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return;
    const terminal = createConsoleTerminal({
      host,
      label: words('consoleLabel', { name }),
      onFollow: (isFollowing) => latest.current(isFollowing),
      droppedText: (count) => words('consoleDropped', { count }),
    });
    terminalRef.current = terminal;
    return () => {
      terminal.dispose();
      terminalRef.current = null;
    };
  }, [hostRef, words, name]);
  return terminalRef;
}
