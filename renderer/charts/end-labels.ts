/** A label at the end of a line: where it wishes to stand, in pixels from the top. */
export interface EndLabel {
  readonly text: string;
  readonly colour: string;
  readonly y: number;
}

/** Moves labels apart to `gap` pixels, in the order of their lines, and keeps them between `top` and `bottom`. */
export function spreadLabels(
  labels: readonly EndLabel[],
  { gap, top, bottom }: { gap: number; top: number; bottom: number },
): EndLabel[] {
  const sorted = [...labels].sort((one, other) => one.y - other.y);
  const places: number[] = [];
  for (const { y } of sorted) {
    const before = places.at(-1);
    places.push(before === undefined ? Math.max(top, y) : Math.max(y, before + gap));
  }
  let limit = bottom;
  for (let index = places.length - 1; index >= 0; index -= 1) {
    places[index] = Math.max(top, Math.min(places[index] ?? 0, limit));
    limit = (places[index] ?? 0) - gap;
  }
  return sorted.map((label, index) => ({ ...label, y: places[index] ?? label.y }));
}
