import type { ErrorComponentProps } from '@tanstack/react-router';
import { failureOf } from '../connection/engine-access.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Page } from '../ui/page.tsx';
import { useFrameWords } from './frame-words.ts';

/** An address that leads nowhere. */
export function NotFoundPage() {
  const words = useFrameWords();
  return (
    <Page title={words('notFoundTitle')}>
      <EmptyState
        title={words('notFoundTitle')}
        text={words('notFoundText')}
        actions={<LinkButton to="/">{words('goHome')}</LinkButton>}
      />
    </Page>
  );
}

/** A page that broke: the rest of the window goes on. */
export function LostPage({ error, reset }: ErrorComponentProps) {
  const words = useFrameWords();
  if (isFromAnotherBuild(error)) {
    const reload = <Button onClick={() => location.reload()}>{words('reload')}</Button>;
    return (
      <Page title={words('pageBrokeTitle')}>
        <EmptyState title={words('newBuildTitle')} text={words('newBuildText')} actions={reload} />
      </Page>
    );
  }
  return (
    <Page title={words('pageBrokeTitle')}>
      <ErrorNotice failure={failureOf(error)} onRetry={reset} />
    </Page>
  );
}

/** A file of the build this window was made of is gone. Each browser engine says it in words of its own. */
function isFromAnotherBuild(error: unknown): boolean {
  return error instanceof TypeError && /dynamically imported module|importing a module script/i.test(error.message);
}
