import type { ServedFamily } from '#contract/serving-state.ts';
import { Badge, type BadgeTone } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { LinkButton } from '../../../ui/link-button.tsx';
import { Section } from '../../../ui/page.tsx';
import { Select } from '../../../ui/select.tsx';
import { formatBytes, formatNumber } from '../../../words/format.ts';
import { familyRows, heldName, otherHeld, type FamilyRow, type HeldModel } from '../served-rows.ts';
import { useServerWords, type ServerWords } from '../server-words.ts';
import type { ServerPartProps } from './server-props.ts';
import classes from './server.module.css';

/** Names programs can ask for: which version each gives, whether it is in memory, and the way back. */
export function ModelsSection(props: ServerPartProps) {
  const { serving, data, acts } = props;
  const words = useServerWords();
  const rows = familyRows(serving);
  const others = otherHeld(serving);
  return (
    <Section title={words('models')} hint={words('modelsHint')}>
      {rows.length === 0 && others.length === 0 ? (
        <EmptyState
          title={words('noModels')}
          text={words('noModelsText')}
          actions={<LinkButton to="/create">{words('makeModel')}</LinkButton>}
        />
      ) : (
        <ul className={classes['models']}>
          {rows.map((row) => (
            <Family key={row.family.name} row={row} data={data} acts={acts} />
          ))}
          {others.map((held) => (
            <li key={held.path} className={classes['model']}>
              <span className={classes['modelName']}>{heldName(held)}</span>
              <Memory held={held} />
              <span className={classes['modelActs']}>
                <Unload held={held} data={data} acts={acts} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

type Acting = Pick<ServerPartProps, 'data' | 'acts'>;

function Family({ row, data, acts }: Acting & { readonly row: FamilyRow }) {
  const words = useServerWords();
  const { family, current, held, back } = row;
  const isChoosing = data.busy.has(`choose:${family.name}`);
  return (
    <li className={classes['model']}>
      <span className={classes['modelName']}>{family.name}</span>
      <span className={classes['modelVersion']}>
        <Select
          label={words('versionOf', { name: family.name })}
          value={family.pinned ? String(family.current) : newest}
          disabled={isChoosing}
          options={versionOptions(words, family)}
          onChange={(value) => void acts.choose(family.name, value === newest ? null : Number(value))}
        />
        {back !== null && (
          <Button kind="quiet" busy={isChoosing} onClick={() => void acts.choose(family.name, back)}>
            {words('backTo', { version: back })}
          </Button>
        )}
      </span>
      <Memory held={held} />
      <span className={classes['modelActs']}>
        {held === null || held.state === 'idle' ? (
          <Button busy={data.busy.has(`load:${current}`)} onClick={() => void acts.load(current)}>
            {words('load')}
          </Button>
        ) : (
          <Unload held={held} data={data} acts={acts} />
        )}
      </span>
    </li>
  );
}

const newest = 'newest';

function versionOptions(words: ServerWords, { versions }: ServedFamily) {
  const sorted = versions.toSorted((one, other) => other - one);
  return [
    { value: newest, label: words('newest', { version: sorted[0] ?? 1 }) },
    ...sorted.map((version) => ({ value: String(version), label: words('version', { version }) })),
  ];
}

function Unload({ held, data, acts }: Acting & { readonly held: HeldModel }) {
  const words = useServerWords();
  const { name } = held;
  if (name === null) return null;
  return (
    <Button kind="quiet" busy={data.busy.has(`unload:${name}`)} onClick={() => void acts.unload(name)}>
      {words('unload')}
    </Button>
  );
}

const stateOf = {
  loading: ['info', 'loading'],
  ready: ['good', 'inMemory'],
  'waiting-to-restart': ['warn', 'waitingToRestart'],
} as const satisfies Record<string, readonly [BadgeTone, string]>;

/** Whether it is in memory, and what it takes there. */
function Memory({ held }: { readonly held: HeldModel | null }) {
  const words = useServerWords();
  if (held === null || held.state === 'idle' || held.state === 'closed')
    return (
      <span className={classes['memory']}>
        <Badge>{words('onDisk')}</Badge>
        <span className={classes['figures']}>{words('onDiskHint')}</span>
      </span>
    );
  const [tone, word] = stateOf[held.state];
  return (
    <span className={classes['memory']}>
      <Badge tone={tone}>{words(word)}</Badge>
      <span className={classes['figures']}>{memoryFigures(words, held)}</span>
    </span>
  );
}

function memoryFigures(words: ServerWords, { model, threads, running, waiting }: HeldModel): string {
  return [
    model === null ? '' : words('memoryAbout', { size: formatBytes(model.sizeBytes) }),
    words('threads', { count: threads }),
    model === null ? '' : words('context', { count: formatNumber(model.contextTokens) }),
    running === 0 ? '' : words('answering', { count: running }),
    waiting === 0 ? '' : words('queued', { count: waiting }),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
