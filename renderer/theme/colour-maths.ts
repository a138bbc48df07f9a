/** Colour by numbers, for the checks of the token sheet. Formulas: OKLab (Ottosson 2020), WCAG 2.2 contrast, colour blindness after Machado 2009. */
export type Triple = readonly [number, number, number];

export interface Oklch {
  /** 0 to 1. */
  readonly lightness: number;
  readonly chroma: number;
  /** Degrees. */
  readonly hue: number;
}

/** Red, green, blue as light, 0 to 1; outside of it where a screen cannot show the colour. */
export function linearRgb({ lightness, chroma, hue }: Oklch): Triple {
  const angle = (hue * Math.PI) / 180;
  return linearOfOklab([lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]);
}

function linearOfOklab([lightness, a, b]: Triple): Triple {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

export function oklabOf([red, green, blue]: Triple): Triple {
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  ];
}

/** Whether a usual screen can show the colour. */
export function isInGamut(colour: Triple): boolean {
  return colour.every((part) => part >= -0.0005 && part <= 1.0005);
}

/** `share` of the first in the second, as `color-mix(in oklab, one share, other)` does it. */
export function mixed(one: Triple, other: Triple, share: number): Triple {
  const [a, b] = [oklabOf(clamped(one)), oklabOf(clamped(other))];
  const part = (index: 0 | 1 | 2): number => a[index] * share + b[index] * (1 - share);
  return linearOfOklab([part(0), part(1), part(2)]);
}

/** WCAG contrast, 1 to 21. */
export function contrast(one: Triple, other: Triple): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Triple): number {
  const [red, green, blue] = clamped(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function clamped(colour: Triple): Triple {
  const part = (index: 0 | 1 | 2): number => Math.min(1, Math.max(0, colour[index]));
  return [part(0), part(1), part(2)];
}

/** How different two colours look, 0 to about 100; about 2 is just seen. */
export function difference(one: Triple, other: Triple): number {
  const [a, b] = [oklabOf(clamped(one)), oklabOf(clamped(other))];
  return 100 * Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

export const sights = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;
export type Sight = keyof typeof sights;

/** A colour as an eye of that kind sees it. */
export function seenBy(sight: Sight, colour: Triple): Triple {
  const matrix = sights[sight];
  const [red, green, blue] = clamped(colour);
  const row = (start: 0 | 3 | 6): number =>
    (matrix[start] ?? 0) * red + (matrix[start + 1] ?? 0) * green + (matrix[start + 2] ?? 0) * blue;
  return [row(0), row(3), row(6)];
}
