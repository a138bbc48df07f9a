export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Something that can be pressed or typed into. */
export interface Obstacle {
  readonly box: Box;
  /** The more it matters now: what has the focus, what stands beside it. */
  readonly weight: number;
}

/** Corners and edges of the page that notices may stand at, the usual one first. */
export const toastPlaces = [
  'bottom-end',
  'bottom-center',
  'bottom-start',
  'top-center',
  'top-end',
  'top-start',
] as const;
export type ToastPlace = (typeof toastPlaces)[number];

export interface Room {
  /** What they may stand in: the page without the rail and the status bar. */
  readonly area: Box;
  readonly width: number;
  readonly height: number;
  readonly margin: number;
}

/** The box of notices of this size at a place. */
export function boxAt(place: ToastPlace, { area, width, height, margin }: Room): Box {
  const [edge, side] = place.split('-');
  const top = edge === 'top' ? area.top + margin : area.bottom - margin - height;
  const centre = (area.left + area.right - width) / 2;
  const left = side === 'start' ? area.left + margin : side === 'center' ? centre : area.right - margin - width;
  return { left, top, right: left + width, bottom: top + height };
}

/**
 * Where notices cover nothing, the usual place first; where every place covers something, the one whose covered controls matter least. They stay where
 * they are as long as that is as good: a notice that wanders cannot be pressed.
 */
export function bestPlace(room: Room, obstacles: readonly Obstacle[], current: ToastPlace): ToastPlace {
  const costOf = (place: ToastPlace): number => {
    const box = boxAt(place, room);
    return obstacles.reduce((sum, one) => (meets(box, one.box) ? sum + one.weight : sum), 0);
  };
  let [best, least] = [current, costOf(current)];
  for (const place of toastPlaces) {
    const cost = costOf(place);
    if (cost < least) [best, least] = [place, cost];
  }
  return best;
}

/** Touching by a few pixels counts: a control needs its edge to be seen. */
const nearPx = 4;

function meets(one: Box, other: Box): boolean {
  return (
    one.left - nearPx < other.right &&
    other.left < one.right + nearPx &&
    one.top - nearPx < other.bottom &&
    other.top < one.bottom + nearPx
  );
}
