import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  contrast,
  difference,
  isInGamut,
  linearRgb,
  mixed,
  seenBy,
  sights,
  type Sight,
  type Triple,
} from './colour-maths.ts';

const sheet = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const themes = ['dark', 'light', 'contrast'] as const;
type Theme = (typeof themes)[number];

function declarationsOf(theme: Theme): Map<string, string> {
  const start = sheet.indexOf(`html[data-theme='${theme}'] {`);
  assert.notEqual(start, -1, `There is no theme ${theme}.`);
  const body = sheet.slice(sheet.indexOf('{', start) + 1, sheet.indexOf('}', start));
  return new Map([...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]));
}

function colourOf(theme: Theme, token: string): Triple {
  const value = declarationsOf(theme).get(token) ?? '';
  const alias = /^var\(--([\w-]+)\)$/.exec(value);
  if (alias?.[1] !== undefined) return colourOf(theme, alias[1]);
  const parts = /^oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)$/.exec(value);
  assert.ok(parts, `--${token} of ${theme} is not a plain oklch colour: "${value}"`);
  return linearRgb({ lightness: Number(parts[1]) / 100, chroma: Number(parts[2]), hue: Number(parts[3]) });
}

function assertContrast(theme: Theme, [front, back]: readonly [string, string], least: number): void {
  const found = contrast(colourOf(theme, front), colourOf(theme, back));
  assert.ok(found >= least, `${theme}: --${front} on --${back} has ${found.toFixed(2)} : 1, wanted ${least}`);
}

const grounds = ['bg-0', 'bg-1', 'bg-2', 'bg-3'];
const tones = ['accent', 'good', 'warn', 'bad', 'info'];
const series = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `series-${number}`);

for (const theme of themes) {
  describe(`The ${theme} theme`, () => {
    it('names the same colours as the others', () => {
      const names = (of: Theme): readonly string[] =>
        [...declarationsOf(of).keys()].filter((name) => name !== 'focus-width').sort();
      assert.deepEqual(names(theme), names('dark'));
    });

    it('has only colours that a usual screen can show', () => {
      for (const [token, value] of declarationsOf(theme)) {
        if (value.startsWith('oklch(') && !value.includes('/'))
          assert.ok(isInGamut(colourOf(theme, token)), `--${token}: ${value}`);
      }
    });

    it('keeps text readable on every ground, hints included', () => {
      for (const ground of grounds) {
        for (const text of ['text', 'text-2', 'text-3']) assertContrast(theme, [text, ground], 4.5);
      }
    });

    it('keeps words in the colour of a state, and links, readable', () => {
      for (const tone of tones) {
        for (const ground of ['bg-0', 'bg-1', 'bg-2']) assertContrast(theme, [tone, ground], 4.5);
      }
    });

    it('keeps the word of a badge readable on its own tint', () => {
      const tint = Number.parseFloat(declarationsOf(theme).get('tint') ?? '') / 100;
      for (const tone of tones) {
        const colour = colourOf(theme, tone);
        const found = contrast(colour, mixed(colour, colourOf(theme, 'bg-1'), tint));
        assert.ok(found >= 4.55, `${theme}: a badge in ${tone} has ${found.toFixed(2)} : 1`);
      }
    });

    it('keeps the words on filled buttons readable', () => {
      for (const kind of ['accent', 'danger']) {
        assertContrast(theme, [`${kind}-text`, kind], 4.5);
        assertContrast(theme, [`${kind}-text`, `${kind}-hover`], 4.5);
      }
    });

    it('shows where a control ends, where the focus is, and lines of charts', () => {
      for (const token of ['control-line', 'focus', 'base-line', ...series]) {
        for (const ground of ['bg-0', 'bg-1']) assertContrast(theme, [token, ground], 3);
      }
    });

    for (const sight of Object.keys(sights) as Sight[]) {
      it(`keeps the series apart for an eye with ${sight} sight`, () => {
        const seen = series.map((token) => seenBy(sight, colourOf(theme, token)));
        for (const [index, one] of seen.entries()) {
          for (const [other, next] of seen.entries()) {
            // The first four are the ones that most charts have.
            const least = other < 4 ? 12 : 7;
            const found = difference(one, next);
            if (index < other)
              assert.ok(found >= least, `${series[index]} and ${series[other]}: ${found.toFixed(1)}, wanted ${least}`);
          }
        }
      });

      it(`keeps before and after apart for an eye with ${sight} sight`, () => {
        const [base, tuned] = ['base-line', 'accent'].map((token) => seenBy(sight, colourOf(theme, token)));
        assert.ok(base && tuned && difference(base, tuned) >= 7, `${base && tuned && difference(base, tuned)}`);
      });
    }
  });
}

describe('The checks themselves', () => {
  const white: Triple = [1, 1, 1];
  const black: Triple = [0, 0, 0];

  it('know black on white as 21 : 1', () => {
    assert.equal(contrast(white, black).toFixed(2), '21.00');
    assert.equal(contrast(black, white).toFixed(2), '21.00');
  });

  it('know red and green as near to each other for deuteranopia, and far for usual sight', () => {
    const red = linearRgb({ lightness: 0.6, chroma: 0.12, hue: 35 });
    const green = linearRgb({ lightness: 0.6, chroma: 0.12, hue: 125 });
    assert.ok(difference(red, green) > 2 * difference(seenBy('deuteranopia', red), seenBy('deuteranopia', green)));
  });
});
