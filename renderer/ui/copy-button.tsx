import Check from 'lucide-react/icons/check';
import Copy from 'lucide-react/icons/copy';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useShell } from '../shell/use-shell.ts';
import { Button, IconButton, type ButtonKind } from './button.tsx';
import { useToast } from './toast-context.ts';
import { useUiWords } from './ui-words.ts';

export interface CopyButtonProps {
  readonly text?: string | undefined;
  /** For what is fetched only when asked for, such as a key. */
  readonly getText?: (() => string | Promise<string>) | undefined;
  /** What it copies: "Copy address". With `children` it is a button with words, else a sign alone. */
  readonly label: string;
  readonly kind?: Extract<ButtonKind, 'plain' | 'quiet'>;
  readonly children?: ReactNode;
  readonly className?: string | undefined;
}

const saidForMs = 1_600;

export function CopyButton({ text, getText, label, kind = 'quiet', children, className, ...rest }: CopyButtonProps) {
  const shell = useShell();
  const words = useUiWords();
  const toast = useToast();
  const [copied, say] = useSaid();
  const copy = async (): Promise<void> => {
    try {
      await shell.copy(text ?? (await getText?.()) ?? '');
      say();
    } catch (error) {
      toast({ tone: 'bad', text: `${words('copyFailed')}: ${error instanceof Error ? error.message : String(error)}` });
    }
  };
  const icon = copied ? <Check /> : <Copy />;
  return (
    <>
      {children === undefined ? (
        <IconButton
          kind={kind}
          label={copied ? words('copied') : label}
          icon={icon}
          className={className}
          onClick={() => void copy()}
          {...rest}
        />
      ) : (
        <Button kind={kind} icon={icon} className={className} onClick={() => void copy()} {...rest}>
          {copied ? words('copied') : children}
        </Button>
      )}
      <span role="status" className="visually-hidden">
        {copied ? words('copied') : ''}
      </span>
    </>
  );
}

function useSaid(): readonly [boolean, () => void] {
  const [said, setSaid] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = (): void => {
    setSaid(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(false), saidForMs);
  };
  return [said, say];
}
