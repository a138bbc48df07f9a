import type { ForgeErrorData } from '#contract/error-data.ts';

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

/** A failure as a blind pane may show it: neither model nor provider, address, path or key name. Only numbers stay in the detail. */
export function maskFailure(failure: ForgeErrorData, names: readonly string[], label: string): ForgeErrorData {
  const filled = telling.flatMap((key) => {
    const value = failure.detail[key];
    return typeof value === 'string' ? [value] : [];
  });
  const all = [...names, ...filled];
  return {
    ...failure,
    message: maskText(failure.message, all, label),
    remedy: maskText(failure.remedy, all, label),
    detail: Object.fromEntries(Object.entries(failure.detail).filter(([, value]) => typeof value === 'number')),
  };
}
