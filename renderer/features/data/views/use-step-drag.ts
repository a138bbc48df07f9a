import { useState, type DragEvent } from 'react';

/** What a dragged step is carried as. */
const stepType = 'application/x-forge-step';

/** Moving a line of a list by the pointer: `handle(index)` for what is pulled, `target(index)` for where it can fall. */
export function useStepDrag(onMove: (from: number, to: number) => void) {
  const [over, setOver] = useState<number | null>(null);
  return {
    over,
    handle: (index: number) => ({
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer.setData(stepType, String(index));
        event.dataTransfer.effectAllowed = 'move';
      },
      onDragEnd: () => setOver(null),
    }),
    target: (index: number) => ({
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes(stepType)) return;
        event.preventDefault();
        setOver(index);
      },
      onDrop: (event: DragEvent) => {
        setOver(null);
        const from = event.dataTransfer.getData(stepType);
        if (from === '') return;
        event.preventDefault();
        onMove(Number(from), index);
      },
    }),
  };
}

export type StepDrag = ReturnType<typeof useStepDrag>;
