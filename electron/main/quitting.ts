import type { MainJobView } from '#contract/main-job.ts';
import type { ElectronParts } from './electron-parts.ts';
import type { DesktopWords } from './words.ts';

export type QuitChoice = 'quit' | 'pause-and-quit' | 'stay';

/** Quitting with work under way is asked about once; without any it just happens. */
export async function askBeforeQuit(
  dialog: ElectronParts['dialog'],
  running: MainJobView | null,
  words: DesktopWords,
): Promise<QuitChoice> {
  if (running === null) return 'quit';
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: words.quitTitle,
    detail: words.quitDetail(`${running.name}:v${running.version}`),
    buttons: [words.keepRunning, words.pauseAndQuit, words.cancel],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return response === 1 ? 'pause-and-quit' : 'stay';
}
