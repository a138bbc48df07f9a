import { z } from 'zod';
import { readKept, writeKept } from './kept-file.ts';

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

/** Null at the first start: the window then opens in its usual size. */
export const readWindowState = (file: string): WindowState | null => readKept(file, windowState);

export const writeWindowState = (file: string, state: WindowState): void => writeKept(file, state);
