import { useEffect, useEffectEvent } from 'react';
import { actionOfKey, type TurnAction } from './turn-keys.ts';

/** Listens for the keys of a turn while `isOn`; not while something is typed or a dialog or menu is open. */
export function useTurnKeys(isOn: boolean, panes: number, onAction: (action: TurnAction) => boolean): void {
  const press = useEffectEvent((event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.repeat || isElsewhere(event.target)) return;
    const action = actionOfKey(event, panes);
    if (action !== null && onAction(action)) event.preventDefault();
  });
  useEffect(() => {
    if (!isOn) return;
    const listener = (event: KeyboardEvent): void => press(event);
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, [isOn]);
}

const elsewhere =
  'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]';

function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(elsewhere) !== null;
}
