import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasInterval, niceTicks, shareOf } from './dot-plot-scale.ts';
import { chosenFolder, droppedFiles, isAccepted, type DroppedEntry } from './dropped-files.ts';
import { failureDetails } from './failure-details.ts';
import { htmlAsText } from './html-as-text.ts';
import { ariaKeys, keyParts, matchesKeys } from './key-names.ts';
import { numberText, parseNumber, stepped } from './number-text.ts';
import { safeAddress } from './safe-address.ts';
import { sparklineShape } from './sparkline-path.ts';
import { placeBeside } from './tooltip-place.ts';

describe('Keys', () => {
  it('are printed as the keyboard at hand has them', () => {
    assert.deepEqual(keyParts('Mod+Shift+k', true), ['⌘', '⇧', 'K']);
    assert.deepEqual(keyParts('Mod+Shift+k', false), ['Ctrl', 'Shift', 'K']);
    assert.equal(ariaKeys('Mod+K', true), 'Meta+K');
  });

  const bare = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  it('are heard only with exactly their modifiers', () => {
    assert.equal(matchesKeys({ ...bare, key: 'z', ctrlKey: true }, 'Mod+Z', false), true);
    assert.equal(matchesKeys({ ...bare, key: 'z', ctrlKey: true }, 'Mod+Z', true), false);
    assert.equal(matchesKeys({ ...bare, key: 'z', metaKey: true }, 'Mod+Z', true), true);
    assert.equal(matchesKeys({ ...bare, key: 'Z', ctrlKey: true, shiftKey: true }, 'Mod+Z', false), false);
    assert.equal(matchesKeys({ ...bare, key: 'z' }, 'Mod+Z', false), false);
    assert.equal(matchesKeys({ ...bare, key: '?', shiftKey: true }, '?', false), true);
  });
});

describe('Numbers that are typed', () => {
  const cases = [
    ['12', 12],
    ['1,5', 1.5],
    ['1.5', 1.5],
    ['2e-4', 0.0002],
    ['2E-4', 0.0002],
    ['\u22123', -3],
    ['20 000', 20_000],
    ["20'000", 20_000],
    ['1.234,5', 1234.5],
    ['1,234.5', 1234.5],
    ['1.234.567', 1_234_567],
    ['', null],
    ['-', null],
    ['1e', null],
    ['twelve', null],
    ['1e999', null],
    ['0x10', null],
  ] as const;
  for (const [text, wanted] of cases) {
    it(`"${text}" is ${wanted ?? 'no number'}`, () => assert.equal(parseNumber(text), wanted));
  }

  it('come back as they were written', () => {
    for (const value of [0, 1.5, 0.0002, 1e-7, 20_000, -3, 0.1 + 0.2]) {
      assert.ok(
        Math.abs((parseNumber(numberText(value)) ?? Number.NaN) - value) <= Math.abs(value) * 1e-9,
        String(value),
      );
    }
    assert.equal(numberText(0.1 + 0.2), '0.3');
    assert.equal(numberText(null), '');
  });

  it('step without the dust of binary fractions and within their limits', () => {
    assert.equal(stepped(0.2, 1, { step: 0.1 }), 0.3);
    assert.equal(stepped(0.0002, 1, { step: 0.0001 }), 0.0003);
    assert.equal(stepped(9, 10, { max: 12 }), 12);
    assert.equal(stepped(null, -1, { min: 3 }), 3);
  });
});

describe('The scale of a dot plot', () => {
  it('has at most five round ticks from end to end', () => {
    assert.deepEqual(niceTicks(0, 100), [0, 25, 50, 75, 100]);
    assert.deepEqual(niceTicks(0, 10), [0, 2.5, 5, 7.5, 10]);
    assert.deepEqual(niceTicks(0, 1), [0, 0.25, 0.5, 0.75, 1]);
    assert.ok(niceTicks(-3.7, 41).length <= 5);
    assert.deepEqual(niceTicks(5, 5), [5]);
  });

  it('keeps what lies outside at its end', () => {
    assert.equal(shareOf(150, 0, 100), 1);
    assert.equal(shareOf(-1, 0, 100), 0);
    assert.equal(shareOf(25, 0, 100), 0.25);
    assert.equal(shareOf(5, 5, 5), 0);
    assert.equal(shareOf(Number.NaN, 0, 1), 0);
  });

  it('takes an interval at zero for one', () => {
    assert.equal(hasInterval({ value: 0, low: 0, high: 0 }), true);
    assert.equal(hasInterval({ value: 0, low: null, high: 4 }), false);
  });
});

describe('A sparkline', () => {
  it('breaks at gaps and at what is not finite', () => {
    const { paths, end } = sparklineShape([0, 1, null, 1, Number.NaN, 0], { width: 100, height: 10 });
    assert.deepEqual(paths, ['M0,10L20,0', 'M60,0L60,0', 'M100,10L100,10']);
    assert.deepEqual(end, { x: 100, y: 10 });
  });

  it('lies in the middle when nothing changes, and is empty when nothing is known', () => {
    assert.deepEqual(sparklineShape([3, 3], { width: 10, height: 4 }).paths, ['M0,2L10,2']);
    assert.deepEqual(sparklineShape([null], { width: 10, height: 4 }), { paths: [], end: null });
  });
});

describe('What a model wrote', () => {
  it('may lead to https pages only', () => {
    assert.equal(safeAddress('https://example.org/a?b=c'), 'https://example.org/a?b=c');
    for (const bad of [
      'javascript:alert(1)',
      'http://example.org',
      'file:///etc/passwd',
      '#/settings',
      '/runs',
      'data:text/html,x',
      'https://me:secret@example.org',
      'JaVaScRiPt:alert(1)',
    ]) {
      assert.equal(safeAddress(bad), '', bad);
    }
  });

  it('has its markup turned into text, in blocks and in lines', () => {
    const tree = {
      type: 'root',
      children: [
        { type: 'html', value: '<script>x</script>' },
        {
          type: 'paragraph',
          children: [
            { type: 'text', value: 'a' },
            { type: 'html', value: '<b>' },
          ],
        },
      ],
    };
    htmlAsText()(tree);
    assert.deepEqual(tree.children, [
      { type: 'paragraph', children: [{ type: 'text', value: '<script>x</script>' }] },
      {
        type: 'paragraph',
        children: [
          { type: 'text', value: 'a' },
          { type: 'text', value: '<b>' },
        ],
      },
    ]);
  });
});

describe('Dropped things', () => {
  const item = (name: string, isDirectory: boolean) => ({
    kind: 'file',
    getAsFile: () => new File([], name),
    webkitGetAsEntry: () => ({ isDirectory, name }),
  });

  it('are sorted into files and folders, and text is not a file', () => {
    const { files, folders } = droppedFiles([
      item('a.csv', false),
      item('rows', true),
      { kind: 'string', getAsFile: () => null },
    ]);
    assert.deepEqual([files.map((file) => file.name), folders.map((folder) => folder.name)], [['a.csv'], ['rows']]);
  });

  it('of a folder give the files inside it at any depth, some at a time as browsers read them, and nothing hidden', async () => {
    const file = (name: string) => ({
      isDirectory: false,
      name,
      file: (take: (file: File) => void) => take(new File([], name)),
    });
    const folder = (name: string, ...entries: readonly DroppedEntry[]): DroppedEntry => ({
      isDirectory: true,
      name,
      createReader: () => {
        const left = [...entries];
        return { readEntries: (take) => take(left.splice(0, 2)) };
      },
    });
    const entry = folder(
      'rows',
      file('c.csv'),
      file('.secret'),
      folder('inner', file('d.jsonl')),
      folder('.git', file('x')),
      file('b.csv'),
    );
    const { folders } = droppedFiles([{ ...item('rows', true), webkitGetAsEntry: () => entry }]);
    const files = await folders[0]?.files();
    assert.deepEqual(
      files?.map(({ name }) => name),
      ['b.csv', 'c.csv', 'd.jsonl'],
    );
  });

  it('of an input for folders belong to the folder that was chosen', async () => {
    const at = (place: string): File => Object.assign(new File([], 'x'), { webkitRelativePath: place });
    const folder = chosenFolder([at('rows/a.csv'), at('rows/.git/b'), at('rows/inner/c.csv')]);
    assert.equal(folder?.name, 'rows');
    assert.equal((await folder?.files())?.length, 2);
    assert.equal(chosenFolder([]), null);
  });

  it('fit by their ending whatever its case', () => {
    assert.equal(isAccepted('Tickets.CSV', '.csv, .jsonl'), true);
    assert.equal(isAccepted('tickets.xlsx', '.csv,.jsonl'), false);
    assert.equal(isAccepted('anything', undefined), true);
  });
});

describe('A tooltip', () => {
  const view = { width: 400, height: 300 };
  const size = { width: 100, height: 20 };
  it('stands on the wished side where it fits, else opposite', () => {
    assert.deepEqual(placeBeside({ anchor: { left: 100, top: 100, width: 20, height: 20 }, size, view, side: 'top' }), {
      left: 60,
      top: 74,
    });
    assert.deepEqual(placeBeside({ anchor: { left: 100, top: 10, width: 20, height: 20 }, size, view, side: 'top' }), {
      left: 60,
      top: 36,
    });
  });

  it('never goes over the edge', () => {
    const { left, top } = placeBeside({
      anchor: { left: 390, top: 290, width: 10, height: 10 },
      size,
      view,
      side: 'right',
    });
    assert.ok(left + size.width <= 400 && top + size.height <= 300 && left >= 0 && top >= 0);
  });
});

describe('A failure as text', () => {
  it('has its code, words, details and trace', () => {
    const text = failureDetails({
      code: 'dataset.empty',
      message: 'a.csv is empty.',
      remedy: 'Add rows.',
      retryable: false,
      exitCode: 2,
      detail: { path: 'a.csv', rows: 0 },
      correlationId: 'c-1',
    });
    assert.equal(text, 'dataset.empty: a.csv is empty.\nAdd rows.\npath: a.csv\nrows: 0\ntrace: c-1');
  });
});
