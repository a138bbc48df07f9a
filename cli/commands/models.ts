import { randomUUID } from 'node:crypto';
import type { ModelVersion } from '#contract/models.ts';
import { confirm } from '../ask.ts';
import { exitCode } from '../failure.ts';
import type { Invocation } from '../invocation.ts';
import { printResult } from '../output.ts';
import { pairs, table } from '../terminal/table.ts';
import { oneLine } from '../terminal/text.ts';
import { bytes, dateAndMinute } from '../terminal/units.ts';
import { outStyle, type ViewStyle } from '../terminal/view-style.ts';
import { withEngine } from '../with-engine.ts';

function scoreText({ baseScore, tunedScore }: ModelVersion): string {
  if (tunedScore === null) return '';
  return baseScore === null ? tunedScore.toFixed(1) : `${baseScore.toFixed(1)} to ${tunedScore.toFixed(1)}`;
}

function modelTable(models: readonly ModelVersion[], style: ViewStyle): string[] {
  if (models.length === 0) return ['No models yet. Begin with `forge quickstart`.'];
  const columns = [
    { title: 'model' },
    { title: 'base', flexible: true },
    { title: 'state' },
    { title: 'points of 100', align: 'right' as const },
    { title: 'type' },
    { title: 'size', align: 'right' as const },
    { title: 'Ollama' },
    { title: 'made' },
  ];
  const rows = models.map((model) => [
    `${model.name}:v${model.version}`,
    oneLine(model.base),
    model.state === 'failed' ? style.palette.bad(model.state) : model.state,
    scoreText(model),
    model.quantisation ?? '',
    model.sizeBytes === null ? '' : bytes(model.sizeBytes),
    model.inOllama ? 'yes' : '',
    dateAndMinute(model.createdAt),
  ]);
  return table(columns, rows, style);
}

/** `forge models list`. */
export async function listModels(invocation: Invocation): Promise<number> {
  const models = await withEngine(invocation, ({ client }) => client.models.list());
  printResult(invocation, models, () => modelTable(models, outStyle(invocation.terminal)));
  return exitCode.done;
}

function intervalText({ interval }: ModelVersion): string {
  return interval === null
    ? 'no interval'
    : `95 % interval ${interval[0].toFixed(1)} to ${interval[1].toFixed(1)} points`;
}

function modelLines(model: ModelVersion, style: ViewStyle): string[] {
  const { parity } = model;
  const entries: (readonly [string, string])[] = [
    ['model', `${model.name}:v${model.version}`],
    ['base', oneLine(model.base)],
    ['state', model.state],
    ['made', dateAndMinute(model.createdAt)],
    ...(model.verdict === null ? [] : [['verdict', oneLine(model.verdict)] as const]),
    ...(model.tunedScore === null ? [] : [['points', `${scoreText(model)} of 100, ${intervalText(model)}`] as const]),
    ...(model.ggufPath === null
      ? []
      : [['file', model.ggufPath] as const, ['digest', `sha256 ${model.ggufSha256 ?? 'unknown'}`] as const]),
    ...(model.sizeBytes === null
      ? []
      : [
          [
            'size',
            `${bytes(model.sizeBytes)}${model.quantisation === null ? '' : ` (${model.quantisation})`}`,
          ] as const,
        ]),
    ...(parity === null
      ? []
      : [
          [
            'file check',
            `tokens ${parity.tokens.equal}/${parity.tokens.of}, template ${parity.template.equal}/${parity.template.of}, greedy ${parity.greedy.equal}/${parity.greedy.of}, loss ${(parity.loss.change * 100).toFixed(1)} %`,
          ] as const,
        ]),
    ['in Ollama', model.inOllama ? 'yes' : 'no'],
    ['folder', model.directory],
  ];
  return pairs(entries, style);
}

/** `forge models show`. */
export async function showModel(invocation: Invocation): Promise<number> {
  const model = await withEngine(invocation, ({ client }) => client.models.get({ model: invocation.words[0] ?? '' }));
  printResult(invocation, model, () => modelLines(model, outStyle(invocation.terminal)));
  return exitCode.done;
}

/** `forge models remove`: says what goes, asks, deletes. */
export async function removeModel(invocation: Invocation): Promise<number> {
  return withEngine(invocation, async ({ client }) => {
    const model = await client.models.get({ model: invocation.words[0] ?? '' });
    const name = `${model.name}:v${model.version}`;
    const size = model.sizeBytes === null ? '' : `, ${bytes(model.sizeBytes)}`;
    if (
      !(await confirm(
        invocation,
        `${name} goes with its files in ${model.directory}${size}; its dataset and its runs stay.`,
      ))
    ) {
      invocation.terminal.err('Nothing was removed.\n');
      return exitCode.stopped;
    }
    const removed = await client.models.remove({ model: name, requestId: randomUUID() });
    printResult(invocation, removed, () => [
      `Removed ${removed.removed}; ${bytes(removed.freedBytes)} are free again.`,
    ]);
    return exitCode.done;
  });
}
