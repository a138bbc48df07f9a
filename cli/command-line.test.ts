import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runCommandLine } from './command-line.ts';
import { commandProgram, type CommandCall } from './command-program.ts';
import type { CommandSpec } from './command-spec.ts';
import { commandTree } from './command-tree.ts';
import { memoryTerminal } from './testing/memory-terminal.ts';

async function called(words: string[]): Promise<CommandCall> {
  const calls: CommandCall[] = [];
  await commandProgram(commandTree, { terminal: memoryTerminal(), onCall: (call) => calls.push(call) }).parseAsync(
    words,
    { from: 'user' },
  );
  const [call] = calls;
  assert.ok(call !== undefined && calls.length === 1, `${calls.length} calls`);
  return call;
}

async function refused(words: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = memoryTerminal(200);
  const code = await runCommandLine(words, { terminal, environment: {}, platform: 'linux', workingDirectory: '/' });
  return { code, ...terminal.written };
}

test('words become values under their written names, numbers as numbers', async () => {
  const call = await called([
    'train',
    '--dataset',
    'a b.csv',
    '--model',
    'qwen',
    '--batch-size',
    '4',
    '--learning-rate',
    '8e-4',
    '--no-export',
    '--quantization',
    'q8_0',
  ]);
  assert.deepEqual(call.command, ['train']);
  assert.deepEqual(Object.fromEntries(call.values), {
    dataset: 'a b.csv',
    base: 'qwen',
    'batch-size': 4,
    'learning-rate': 0.0008,
    'no-export': true,
    quantisation: 'Q8_0',
  });
});

test('the common options may stand before the command, between the words, or at the end', async () => {
  for (const words of [
    ['--home', '/h', '--json', 'runs', 'list'],
    ['runs', '--json', '--home', '/h', 'list'],
    ['runs', 'list', '--json', '--home', '/h'],
    ['runs', '--home=/h', '--json'],
  ]) {
    const call = await called(words);
    assert.deepEqual(
      [call.command, Object.fromEntries(call.values)],
      [['runs', 'list'], { json: true, home: '/h' }],
      words.join(' '),
    );
  }
});

test('a variadic argument is one text', async () => {
  assert.deepEqual((await called(['inference', 'support:v1', 'where', 'is', 'it?'])).words, [
    'support:v1',
    'where is it?',
  ]);
});

test('a word that is no subcommand goes to the default subcommand when that one takes words', async () => {
  const given = await called(['export', 'support:v1', '--to', '/out', '--json']);
  assert.deepEqual(
    [given.command, given.words, Object.fromEntries(given.values)],
    [['export', 'write'], ['support:v1'], { to: '/out', json: true }],
  );
  assert.deepEqual((await called(['export', '--to', '/out', 'support'])).words, ['support']);
  assert.deepEqual((await called(['export', '--type', 'q8_0'])).command, ['export', 'write']);
  const check = await called(['export', 'check', 'support', '--type', 'F16']);
  assert.deepEqual([check.command, check.words], [['export', 'check'], ['support']]);
});

test('what is wrong on the command line is said in a sentence, with exit code 2', async () => {
  const cases: [string[], RegExp, RegExp][] = [
    [['quikstart', '--once'], /There is no command forge quikstart\./, /Did you mean forge quickstart\?/],
    [['runs', 'wach'], /There is no command forge runs wach\./, /Did you mean forge runs watch\?/],
    [
      ['train', '--rank', 'many'],
      /--rank is many, which is not a whole number from 1 to 1024\./,
      /Give a whole number/,
    ],
    [['train', '--rank', '0'], /--rank is 0/, /Give/],
    [['train', '--minutes', '1e99'], /--minutes is 1e99/, /Give a number/],
    [
      ['train', '--method', 'lara'],
      /--method is lara, which is not one of lora, qlora, dora, full\./,
      /Did you mean lora\?/,
    ],
    [['train', '--datset', 'x'], /nknown option '--datset'/, /Did you mean --dataset\?/],
    [['--hom', 'x'], /There is no option --hom/, /Did you mean --home\?/],
    [['train'], /needs a dataset/, /--dataset tickets\.csv/],
    [['train', '--dataset', 'x.csv', '--name', 'Größe'], /--name is Größe/, /lower-case letters/],
    [['export', 'a:v1', 'b:v1'], /forge export does not know what to do with b:v1\./, /quotation marks/],
    [['export', 'a:v1', '--tpe', 'F16'], /nknown option '--tpe'/, /Did you mean --type\?/],
    [['export', '--type', 'Q2_K'], /--type is Q2_K, which is not one of Q4_K_M, Q5_K_M, Q6_K, Q8_0, F16\./, /Choose/],
    [['export', '--type', '--overwrite'], /--type has no value/, /Write the value/],
    [['completion', 'tcsh'], /<shell> is tcsh/, /Choose one of them/],
    [['runs', 'show'], /issing required argument 'run'/, /--help/],
  ];
  for (const [words, message, remedy] of cases) {
    const { code, out, err } = await refused(words);
    assert.equal(code, 2, words.join(' '));
    assert.match(err, message);
    assert.match(err, remedy);
    assert.equal(out, '');
    assert.doesNotMatch(err, /\n\s+at /);
  }
});

test('with --json a failure is one object on standard output as well', async () => {
  const { code, out } = await refused(['runs', 'wach', '--json']);
  const { error } = JSON.parse(out) as { error: Record<string, unknown> };
  assert.deepEqual([code, error['code'], error['exitCode']], [2, 'command.usage', 2]);
});

function everyCommand(specs: readonly CommandSpec[], path: string[] = []): [string[], CommandSpec][] {
  return specs.flatMap((spec) => [
    [[...path, spec.name], spec] as [string[], CommandSpec],
    ...everyCommand(spec.subcommands ?? [], [...path, spec.name]),
  ]);
}

test('every command has help with its summary and an example that parses as that command', async () => {
  const commands = everyCommand(commandTree);
  assert.ok(commands.length > 30, String(commands.length));
  for (const [path, spec] of commands) {
    const { code, out } = await refused([...path, '--help']);
    assert.equal(code, 0);
    assert.ok(
      out.includes(spec.summary.slice(0, 30)) && out.includes(spec.examples[0] ?? 'no example'),
      path.join(' '),
    );
    for (const line of spec.examples) assert.ok(line.includes('forge '), line);
  }
});

test('--version is the version of package.json', async () => {
  const file = path.join(import.meta.dirname, '..', 'package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  const { code, out } = await refused(['--version']);
  assert.deepEqual([code, out.trim()], [0, version]);
});

test('help keeps to the width of the terminal', async () => {
  for (const columns of [60, 100]) {
    const terminal = memoryTerminal(columns);
    await runCommandLine(['train', '--help'], { terminal, environment: {}, platform: 'linux', workingDirectory: '/' });
    for (const line of terminal.written.out.split('\n'))
      if (!line.startsWith('  forge ')) assert.ok(line.length <= columns, line);
  }
});
