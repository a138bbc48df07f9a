import type { ForgeErrorData } from '#contract/error-data.ts';
import { errorRegistry, type ErrorDefinition } from '#contract/errors.ts';

/** Replaces every name by what may be shown. Longest first, so that nothing is left of a name inside another. */
function maskText(text: string, names: readonly string[], shown: string): string {
  return names
    .filter((name) => name.trim() !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((masked, name) => masked.replace(new RegExp(escapeExpression(name), 'giu'), shown), text);
}

function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/** Places of an error's sentences that name what answered, or where. */
const telling = ['provider', 'model', 'secret', 'path', 'host', 'name', 'address', 'url', 'label'] as const;

/**
 * A failure as a blind pane may show it: neither model nor provider, address, path or key name. A command that would have to name one of them is
 * no remedy any more; then the way through the window stands in its place.
 */
export function maskFailure(failure: ForgeErrorData, names: readonly string[], label: string): ForgeErrorData {
  const filled = telling.flatMap((key) => {
    const value = failure.detail[key];
    return typeof value === 'string' ? [value] : [];
  });
  const mask = (text: string): string => maskText(text, [...names, ...filled], label);
  const { windowRemedy = knownWindowRemedy(failure.code), ...rest } = failure;
  const command = /`[^`]*`/.exec(failure.remedy)?.[0] ?? '';
  const remedy = mask(command) === command ? failure.remedy : (windowRemedy ?? failure.remedy);
  return {
    ...rest,
    message: mask(failure.message),
    remedy: mask(remedy),
    ...(windowRemedy === undefined ? {} : { windowRemedy: mask(windowRemedy) }),
    detail: Object.fromEntries(
      Object.entries(failure.detail).map(([key, value]) => [key, typeof value === 'string' ? mask(value) : value]),
    ),
  };
}

/** For failures that were kept before there were two remedies; its places need no values. */
function knownWindowRemedy(code: string): string | undefined {
  const definitions: Readonly<Record<string, ErrorDefinition>> = errorRegistry;
  const { windowRemedy } = definitions[code] ?? {};
  return windowRemedy === undefined || windowRemedy.includes('{') ? undefined : windowRemedy;
}
