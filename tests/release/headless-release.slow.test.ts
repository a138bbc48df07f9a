import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { packHeadless } from '../../scripts/release/pack-headless.ts';
import { baseGguf } from '../fixtures/base-gguf.ts';

const run = promisify(execFile);
const hasDpkg = existsSync('/usr/bin/dpkg-deb');
/** Where programs lie that every system has; no Node of the machine's. */
const barePath = '/usr/bin:/bin';

describe(
  'the headless release',
  { skip: process.platform !== 'linux' && 'NOT PROVED HERE: the release is packed on Linux' },
  () => {
    let folder = '';
    let packed: Awaited<ReturnType<typeof packHeadless>>;
    let app = '';
    const home = () => path.join(folder, 'home of Ædan');
    const forge = async (...words: string[]) => {
      const { stdout } = await run(path.join(app, 'forge'), [...words, '--home', home()], {
        env: { PATH: barePath, HOME: folder, LANG: 'C.UTF-8' },
        cwd: folder,
        timeout: 60_000,
      });
      return stdout;
    };

    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'forge-release-test-'));
      packed = await packHeadless(path.join(folder, 'out'));
      const [archive = ''] = packed.files;
      await run('tar', ['-xzf', archive, '-C', folder]);
      app = path.join(folder, path.basename(archive, '.tar.gz'));
    });
    after(async () => {
      if (app !== '') await forge('stop');
      await rm(folder, { recursive: true, force: true });
    });

    test('runs from a clean folder with a clean home and no Node on the machine: the window is served behind its token', async () => {
      const { url, port } = JSON.parse(await forge('ui', '--no-open', '--json')) as { url: string; port: number };
      assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 401);
      const cookie = (await fetch(url, { redirect: 'manual' })).headers.get('set-cookie')?.split(';')[0] ?? '';
      const page = await (await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } })).text();
      const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
      const answer = await fetch(`http://127.0.0.1:${port}/${script}`, { headers: { cookie } });
      assert.deepEqual([answer.status, (await answer.text()).length > 50_000], [200, true]);
    });

    test('the command line speaks with the engine it started', async () => {
      const models = JSON.parse(await forge('base', 'list', '--json')) as unknown[];
      assert.ok(models.length > 3);
      const sample = path.join(app, 'domains', 'support', 'quickstart.csv');
      const plan = await forge('train', '--dataset', sample, '--dry-run');
      assert.match(plan, /rows/);
    });

    test('the packed llama.cpp loads a real model and answers', async () => {
      const words = `
        import { createModelServer } from './native-bridge/llama/model-server.ts';
        import { servingPolicy } from './core/serving/serving-policy.ts';
        const server = createModelServer({ physicalCores: 2, policy: servingPolicy, maximumSequences: 1, idleUnloadMs: null });
        await server.load({ path: process.argv[1], contextTokens: 512 });
        for await (const event of server.chat({ messages: [{ role: 'user', content: 'Hello' }], maximumTokens: 8 }))
          if (event.kind !== 'done') process.stdout.write(event.text);
        await server.dispose();`;
      const node = path.join(app, 'node_modules', '.bin', 'node');
      const { stdout } = await run(node, ['--input-type=module', '--eval', words, await baseGguf()], { cwd: app });
      assert.match(stdout, /\w{2}/);
    });

    test('holds no tests, no tools for developers and no natives of other systems', async () => {
      const entries = await readdir(app, { recursive: true });
      const unwanted = entries.filter(
        (name) =>
          /(^|\/)(typescript|oxlint|vite|electron|@playwright)(\/|$)/.test(name.replace(/^node_modules\//, '')) ||
          /\.test\.ts$|(darwin|win32|arm64)[^/]*\.node$/.test(name),
      );
      assert.deepEqual(unwanted.slice(0, 5), []);
      assert.ok(packed.unpackedBytes < 400e6, `${packed.unpackedBytes} bytes unpacked`);
    });

    test(
      'the Debian package installs under /opt with the command on the path',
      { skip: !hasDpkg && 'NOT PROVED HERE: no dpkg-deb' },
      async () => {
        const file = packed.files.find((name) => name.endsWith('.deb')) ?? '';
        assert.ok((await stat(file)).size > 10e6);
        const { stdout } = await run('dpkg-deb', ['--contents', file], { maxBuffer: 64e6 });
        assert.match(stdout, /root\/root .* \.\/opt\/forge\/cli\/main\.ts/);
        assert.match(stdout, /\.\/usr\/bin\/forge -> \.\.\/\.\.\/opt\/forge\/forge/);
      },
    );
  },
);
