import { useLocation } from '@tanstack/react-router';

/**
 * The name under which the router remembers how far a part of the page was scrolled. Another address has another name: otherwise a new page
 * would begin where the one before was left.
 */
export function useScrollPlace(part: string): string {
  const path = useLocation({ select: ({ pathname }) => pathname });
  return `${part} ${path}`;
}
