/** A state of the gallery and the theme it is pictured in. The kit is pictured in every theme; here the themes take turns. */
export interface PicturedState {
  readonly id: string;
  readonly theme: 'dark' | 'light';
}

/**
 * Chosen so that each page is seen full, and each kind of trouble at least once. Left out: what is drawn as data come (curves, consoles, editors), and
 * names in scripts that the fonts of Forge do not have: those look as the machine's fonts do.
 */
const dark: readonly string[] = [
  'compare/blind',
  'compare/failing-pane',
  'compare/ready',
  'compare/set',
  'compare/set-turn',
  'create/base',
  'create/data-choose',
  'create/data-folder',
  'create/data-tokens',
  'create/locked',
  'create/plan',
  'create/result',
  'create/served',
  'create/train-failed',
  'home/served',
  'home/first-run',
  'models/full',
  'models/export-failed',
  'runs/full',
  'server/serving',
  'settings/machine-trouble',
  'settings/providers-tested',
  'welcome/setting-up',
];
const light: readonly string[] = [
  'compare/over-cap',
  'compare/voted',
  'create/data-columns-unknown',
  'create/data-gone',
  'create/data-preview',
  'create/drafts-empty',
  'create/plan-bad-name',
  'create/result-no-difference',
  'create/train-running',
  'home/empty',
  'home/no-difference',
  'models/chat-full',
  'models/empty',
  'runs/empty',
  'server/port-taken',
  'settings/storage-full',
  'settings/network-full',
  'welcome/failed',
];

export const featureStates: readonly PicturedState[] = [
  ...dark.map((id) => ({ id, theme: 'dark' as const })),
  ...light.map((id) => ({ id, theme: 'light' as const })),
];
