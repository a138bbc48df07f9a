import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});
export type Rectangle = z.infer<typeof rectangle>;

export const windowState = z.object({ bounds: rectangle, isMaximized: z.boolean() });
export type WindowState = z.infer<typeof windowState>;

export const smallestWindow = { width: 760, height: 480 };
const firstWindow = { width: 1280, height: 820 };
/** So much of the title must lie on a screen that the window can be taken hold of. Pixels. */
const graspable = 80;

/** Where the window goes: where it was, unless that screen is gone. `screens` are the work areas of all displays. */
export function placeWindow(
  remembered: WindowState | null,
  screens: readonly Rectangle[],
): Partial<Rectangle> & { readonly width: number; readonly height: number } {
  if (remembered === null) return firstWindow;
  const width = Math.max(smallestWindow.width, remembered.bounds.width);
  const height = Math.max(smallestWindow.height, remembered.bounds.height);
  const { x, y } = remembered.bounds;
  const isSeen = screens.some(
    (screen) =>
      x + width - graspable > screen.x &&
      x + graspable < screen.x + screen.width &&
      y >= screen.y &&
      y + graspable / 2 < screen.y + screen.height,
  );
  return isSeen ? { x, y, width, height } : { width, height };
}

/** Null when there is none, or nothing that can be read: the window then opens as at the first time. */
export function readWindowState(file: string): WindowState | null {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (!isMissing(error)) console.warn(`The place of the window in ${file} could not be read.`, error);
    return null;
  }
}

/** Written whole or not at all, since it is written while the system may be going down. */
export function writeWindowState(file: string, state: WindowState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
