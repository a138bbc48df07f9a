export type Side = 'top' | 'right' | 'bottom' | 'left';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface PlaceRequest {
  readonly anchor: Box;
  readonly size: { readonly width: number; readonly height: number };
  readonly view: { readonly width: number; readonly height: number };
  readonly side: Side;
}

const gapPx = 6;
const edgePx = 8;
const opposite: Readonly<Record<Side, Side>> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' };

/** Where a small box goes beside another, in pixels of the window: on the wished side, else on the opposite one, never over the edge. */
export function placeBeside(request: PlaceRequest): { readonly left: number; readonly top: number } {
  const { side, size, view } = request;
  const wished = at(request, side);
  const { left, top } = fits(wished, request, side) ? wished : better(request, wished);
  return { left: within(left, size.width, view.width), top: within(top, size.height, view.height) };
}

function better(request: PlaceRequest, wished: { readonly left: number; readonly top: number }) {
  const other = at(request, opposite[request.side]);
  return fits(other, request, opposite[request.side]) ? other : wished;
}

function at({ anchor, size }: PlaceRequest, side: Side): { readonly left: number; readonly top: number } {
  const middleX = anchor.left + (anchor.width - size.width) / 2;
  const middleY = anchor.top + (anchor.height - size.height) / 2;
  if (side === 'top') return { left: middleX, top: anchor.top - gapPx - size.height };
  if (side === 'bottom') return { left: middleX, top: anchor.top + anchor.height + gapPx };
  if (side === 'left') return { left: anchor.left - gapPx - size.width, top: middleY };
  return { left: anchor.left + anchor.width + gapPx, top: middleY };
}

/** Only along the side's own axis; along the other one it is moved inward. */
function fits(
  place: { readonly left: number; readonly top: number },
  { size, view }: PlaceRequest,
  side: Side,
): boolean {
  if (side === 'top' || side === 'bottom')
    return place.top >= edgePx && place.top + size.height <= view.height - edgePx;
  return place.left >= edgePx && place.left + size.width <= view.width - edgePx;
}

function within(start: number, size: number, room: number): number {
  return Math.max(edgePx, Math.min(start, room - edgePx - size));
}
