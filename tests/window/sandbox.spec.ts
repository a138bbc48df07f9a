// The sandbox that the window holds in a page of its own, where the engine's machine has no other one.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScriptReport } from '#contract/scripts.ts';
import { expect, goTo, test } from './fixtures.ts';

test.use({
  setting: {
    // Programs on the PATH: Node alone, so neither bubblewrap nor Deno nor a container.
    async begin(home) {
      const folder = path.join(home, '..', `${path.basename(home)}-programs`);
      await mkdir(folder, { recursive: true });
      await symlink(process.execPath, path.join(folder, 'node'));
      return { PATH: folder };
    },
  },
});

test('a script runs in a page of the open window, and is refused with the reasons when it is closed', async ({
  page,
  engine,
}) => {
  // Python comes up four times in the page.
  test.slow();
  const rows = path.join(engine.folder, 'rows.jsonl');
  const lines = Array.from({ length: 300 }, (_, index) =>
    JSON.stringify({ prompt: `q ${index}?`, completion: `a ${index}` }),
  );
  await writeFile(rows, lines.join('\n'));
  const script = path.join(engine.folder, 'shout.py');
  await writeFile(script, 'def transform(row):\n    row["messages"][1]["content"] += "!"\n    return row\n');
  await engine.command('data', 'import', rows, '--as', 'rows');

  const holding = page.waitForResponse(/hold-sandbox-pages/);
  await goTo(page, await engine.address(), '/');
  await holding;
  const report = await engine.command<ScriptReport>('data', 'script', 'rows', '--file', script, '--yes');
  expect(report.sandbox.name).toBe('page');
  expect(report.all).toMatchObject({ seen: 300, changed: 300, rows: 300 });
  // None of its pages is left behind.
  await expect(page.locator('iframe')).toHaveCount(0);

  await page.close();
  const refused = engine.command('data', 'script', 'rows', '--file', script, '--try');
  await expect(refused).rejects.toThrow(/script\.no-sandbox[\s\S]*no window of Forge is open/);
});
