import type { ErrorComponentProps } from '@tanstack/react-router';
import { failureOf } from '../connection/engine-access.ts';
import { LinkButton } from '../ui/button.tsx';
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
  return (
    <Page title={words('pageBrokeTitle')}>
      <ErrorNotice failure={failureOf(error)} onRetry={reset} />
    </Page>
  );
}
