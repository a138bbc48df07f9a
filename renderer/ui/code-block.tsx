import { classes } from './classes.ts';
import styles from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';
import { useUiWords } from './ui-words.ts';

export interface CodeBlockProps {
  readonly code: string;
  /** Shown as a word: "Python". */
  readonly language?: string | undefined;
  readonly className?: string | undefined;
}

/** Text for a program or a terminal, with a copy by one click. */
export function CodeBlock({ code, language, className, ...rest }: CodeBlockProps) {
  const words = useUiWords();
  const name = language === undefined ? words('code') : words('codeIn', { language });
  return (
    <div className={classes(styles['block'], className)} {...rest}>
      <pre className={styles['code']} tabIndex={0} role="region" aria-label={name}>
        <code>{code}</code>
      </pre>
      <div className={styles['tools']}>
        <CopyButton text={code} label={words('copy')} />
      </div>
    </div>
  );
}
