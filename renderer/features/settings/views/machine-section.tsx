import { useEffect, useMemo } from 'react';
import type { ServingView } from '#contract/serving-state.ts';
import { createFrameStore } from '../../../app/frame-store.ts';
import { useStoreOf } from '../../../connection/use-store.ts';
import { Button } from '../../../ui/button.tsx';
import { LinkButton } from '../../../ui/link-button.tsx';
import { Panel, Section } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ToneSign, type SignTone } from '../../../ui/tone-sign.tsx';
import { formatBytes } from '../../../words/format.ts';
import { doctorFindings, type DoctorFinding } from '../doctor.ts';
import { createMachineStore, type MachineData } from '../machine-store.ts';
import { useMachineWords, type MachineWords } from '../machine-words.ts';
import { Facts, type Fact } from './facts.tsx';
import { Failure } from './failure.tsx';
import { sentence } from '../../../words/sentence.ts';
import { speakerNow } from '../../../words/speaker.ts';
import classes from './settings.module.css';

export function MachineSection() {
  const state = useStoreOf(createMachineStore, (all) => all);
  const serving = useStoreOf(createFrameStore, (frame) => frame.serving);
  const { load } = state;
  useEffect(() => void load(), [load]);
  return <MachineSectionView data={state} serving={serving} onLook={() => void load(true)} />;
}

export interface MachineSectionViewProps {
  readonly data: MachineData;
  readonly serving: ServingView | null;
  readonly onLook: () => void;
}

/** What the machine is, and whether anything is in the way. */
export function MachineSectionView({ data, serving, onLook }: MachineSectionViewProps) {
  const words = useMachineWords();
  const findings = useMemo(() => doctorFindings(data, serving), [data, serving]);
  const isFine = findings.every(({ state }) => state === 'fine');
  return (
    <>
      <Failure failures={data.failures} of="load" onRetry={onLook} />
      <Section
        title={words('doctor')}
        hint={words('doctorHint')}
        actions={
          <Button busy={data.busy.has('load')} onClick={onLook}>
            {words('lookAgain')}
          </Button>
        }
      >
        {data.detected === null ? (
          <Skeleton lines={5} />
        ) : (
          <>
            {isFine && <p className={classes['quiet']}>{words('allFine')}</p>}
            <ul className={classes['rows']}>
              {findings.map((finding, index) => (
                <Finding key={`${finding.id}-${String(index)}`} finding={finding} />
              ))}
            </ul>
          </>
        )}
      </Section>
      <Section title={words('system')} hint={words('machineHint')}>
        {data.detected === null ? (
          <Skeleton height={12} />
        ) : (
          <Panel>
            <Facts facts={machineFacts(words, data.detected)} />
          </Panel>
        )}
      </Section>
    </>
  );
}

const toneOf = { fine: 'good', warning: 'warn', problem: 'bad' } as const satisfies Record<
  DoctorFinding['state'],
  SignTone
>;

const remedyWord: Readonly<Record<string, 'toEnvironments' | 'toStorage' | 'toServer'>> = {
  '/settings/environments': 'toEnvironments',
  '/settings/storage': 'toStorage',
  '/server': 'toServer',
};

function Finding({ finding: { state, word, values, bytes, to } }: { readonly finding: DoctorFinding }) {
  const words = useMachineWords();
  const size = bytes === null ? '' : formatBytes(bytes);
  const remedy = to === null ? undefined : remedyWord[to];
  return (
    <li className={classes['finding']}>
      <ToneSign tone={toneOf[state]} />
      <span>{words(word, { ...values, size })}</span>
      {remedy !== undefined && to !== null && <LinkButton to={to}>{words(remedy)}</LinkButton>}
    </li>
  );
}

function machineFacts(
  words: MachineWords,
  { machine, finding }: NonNullable<MachineData['detected']>,
): readonly Fact[] {
  const { processor, memory, disk, system, architecture } = machine;
  const memoryText = words('memoryOf', {
    free: formatBytes(memory.availableBytes),
    total: formatBytes(memory.totalBytes),
  });
  return [
    { name: words('system'), value: `${system}, ${architecture}` },
    { name: words('processor'), value: `${processor.name}, ${words('cores', { count: processor.physicalCores })}` },
    { name: words('memory'), value: memoryText },
    { name: words('graphics'), value: graphicsText(words, machine) },
    { name: words('disk'), value: words('diskFree', { size: formatBytes(disk.freeBytes) }) },
    {
      name: words('training'),
      value: words('trainingOn', {
        device: words(`profile_${finding.profile}`),
        memory: formatBytes(finding.memoryBytes),
      }),
    },
  ];
}

function graphicsText(
  words: MachineWords,
  { apple, nvidia, otherGraphics }: NonNullable<MachineData['detected']>['machine'],
): string {
  const cards = nvidia.cards.map(({ name, memoryFreeBytes, memoryTotalBytes }) =>
    words('graphicsOf', { name, free: formatBytes(memoryFreeBytes), total: formatBytes(memoryTotalBytes) }),
  );
  if (cards.length > 0) return cards.join('; ');
  if (apple !== null) return words('appleGraphics', { name: apple.name, count: apple.gpuCores ?? 0 });
  if (nvidia.problem !== null) return sentence(speakerNow().say(nvidia.problem));
  return otherGraphics.length > 0 ? otherGraphics.join(', ') : words('graphicsNone');
}
