import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DiskPart } from '#contract/settings.ts';
import type { HomeLayout } from '../home-layout.ts';

/** What the rest of the engine works with now. */
export interface StorageUse {
  /** A main job waits or runs, or a worker has a process. */
  isWorking(): boolean;
  /** Work on datasets waits, rests or runs: it may read what was handed over. */
  isPreparingData(): boolean;
  /** Files of the models that are in memory. */
  modelFiles(): readonly string[];
  /** The environment that a worker would start from; null when none is ready. */
  environment(): string | null;
  /** Ids of jobs that are over for good. */
  jobsOver(): ReadonlySet<string>;
}

/** The places of a part: what could go now, and what stays. */
export interface PartPlaces {
  readonly deletable: readonly string[];
  readonly kept: readonly string[];
  /** Folders inside `kept` that belong to another part. */
  readonly skip?: ReadonlySet<string>;
}

export interface PartDefinition extends Pick<DiskPart, 'id' | 'label' | 'about' | 'deletion'> {
  readonly path: (layout: HomeLayout) => string;
  readonly places: (layout: HomeLayout, use: StorageUse) => Promise<PartPlaces>;
  /** For a kept part: where the person deletes single things. */
  readonly remedy?: string;
}

const working = 'work that waits or runs needs it';

/** Why nothing of a part may go; only where nothing is deletable although something is there. */
export const inUseReason = working;

/** Folders beside the datasets that hold files as they came. */
function broughtIn(datasets: string): readonly string[] {
  return ['uploads', 'hub', 'joined', 'documents'].map((name) => path.join(datasets, name));
}

export const diskParts: readonly PartDefinition[] = [
  {
    id: 'base-models',
    label: 'base models',
    about: 'Models that training starts from, and their files for comparison. They are fetched again when needed.',
    deletion: 'costly',
    path: ({ baseModels }) => baseModels,
    places: async ({ baseModels }, use) => {
      const { folders, files } = await childrenOf(baseModels);
      const inMemory = use.modelFiles();
      const isHeld = (folder: string): boolean =>
        use.isWorking() || inMemory.some((file) => file.startsWith(folder + path.sep));
      return { deletable: folders.filter((folder) => !isHeld(folder)), kept: [...files, ...folders.filter(isHeld)] };
    },
  },
  {
    id: 'environments',
    label: 'Python environments',
    about:
      'Python with its packages for training, and the tools that install it. They are set up again when needed. Files shared with the cache of uv are freed only when that is emptied too (`uv cache clean`).',
    deletion: 'costly',
    path: ({ environments }) => environments,
    places: async ({ environments, home }, use) => {
      const { folders, files } = await childrenOf(environments);
      const tools = path.join(home, 'tools');
      const beingSetUp = new Set(files.flatMap((file) => /\.setup-(.+)\.json$/.exec(file)?.[1] ?? []));
      const isHeld = (folder: string): boolean =>
        beingSetUp.has(path.basename(folder)) || (use.isWorking() && folder === use.environment());
      const held = folders.filter(isHeld);
      const deletable = folders.filter((folder) => !isHeld(folder));
      // An environment's Python may be the one in there.
      const isFree = held.length === 0 && beingSetUp.size === 0 && !use.isWorking();
      return isFree
        ? { deletable: [...deletable, tools], kept: files }
        : { deletable, kept: [...held, ...files, tools] };
    },
  },
  {
    id: 'models',
    label: 'your models',
    about: 'The versions you made, with their data, measurements and files.',
    deletion: 'kept',
    path: ({ models }) => models,
    places: async ({ models }) => ({ deletable: [], kept: [models] }),
    remedy: 'Remove single versions under Models, or with `forge models remove`',
  },
  {
    id: 'checkpoints',
    label: 'checkpoints of runs that are over',
    about:
      'Saved states from within trainings. Those of finished, failed and cancelled runs are of no further use to Forge; paused and interrupted runs keep theirs.',
    deletion: 'safe',
    path: ({ runs }) => runs,
    places: async ({ runs }, use) => {
      const over = use.jobsOver();
      const all = await checkpointFolders(runs);
      const places = (wanted: boolean): string[] =>
        all.filter(({ job }) => over.has(job) === wanted).map(({ folder }) => folder);
      return { deletable: places(true), kept: places(false) };
    },
  },
  {
    id: 'runs',
    label: 'history of runs',
    about: 'Curves, events, consoles and results of every run. Forge finds finished work again by them.',
    deletion: 'kept',
    path: ({ runs }) => runs,
    places: async ({ runs }) => {
      const checkpoints = (await checkpointFolders(runs)).map(({ folder }) => folder);
      return { deletable: [], kept: [runs], skip: new Set(checkpoints) };
    },
    remedy: 'Delete the checkpoints instead: they are nearly all of it',
  },
  {
    id: 'datasets',
    label: 'datasets',
    about: 'Versions of your datasets with their indexes and reports, and the answers you kept from comparisons.',
    deletion: 'kept',
    path: ({ datasets }) => datasets,
    places: async ({ datasets, foundry, store, scripts }) => ({
      deletable: [],
      kept: [datasets, foundry, store, scripts],
      skip: new Set(broughtIn(datasets)),
    }),
    remedy: 'Remove single versions under Data, or with `forge data remove`',
  },
  {
    id: 'uploads',
    label: 'files handed over and fetched',
    about:
      'Copies of what you dropped into the window, put together or fetched from the hub. Datasets keep their own rows; a training of such a file that was not begun needs it again.',
    deletion: 'costly',
    path: ({ datasets }) => path.join(datasets, 'uploads'),
    places: async ({ datasets }, use) => {
      const inside = await Promise.all(broughtIn(datasets).map(childrenOf));
      const all = inside.flatMap(({ folders, files }) => [...folders, ...files]);
      const isHeld = use.isWorking() || use.isPreparingData();
      return isHeld ? { deletable: [], kept: all } : { deletable: all, kept: [] };
    },
  },
  {
    id: 'comparisons',
    label: 'comparisons',
    about: 'Answers and votes from comparing models.',
    deletion: 'kept',
    path: ({ home }) => path.join(home, 'comparisons'),
    places: async ({ home }) => ({ deletable: [], kept: [path.join(home, 'comparisons')] }),
    remedy: 'Remove single ones under Compare',
  },
  {
    id: 'index',
    label: 'index',
    about: 'What makes lists and curves quick. It is made of the history of runs (`forge index rebuild`).',
    deletion: 'kept',
    path: ({ home }) => path.join(home, 'db'),
    places: async ({ home }) => ({ deletable: [], kept: [path.join(home, 'db')] }),
    remedy: 'It grows and shrinks with the history of runs',
  },
  {
    id: 'caches',
    label: 'caches',
    about: 'Compiled program parts. They are made again by themselves; the next start takes a little longer.',
    deletion: 'safe',
    path: ({ home }) => path.join(home, 'cache'),
    places: async ({ home }) => {
      const { folders, files } = await childrenOf(path.join(home, 'cache'));
      return { deletable: [...folders, ...files], kept: [] };
    },
  },
  {
    id: 'logs',
    label: 'logs',
    about: 'What Forge noted while it worked. The network ledger and the log of the running engine stay.',
    deletion: 'safe',
    path: ({ logs }) => logs,
    places: async ({ logs }) => {
      const { folders, files } = await childrenOf(logs);
      const stays = new Set(['network.jsonl', 'engine.log'].map((name) => path.join(logs, name)));
      return {
        deletable: [...folders, ...files.filter((file) => !stays.has(file))],
        kept: files.filter((file) => stays.has(file)),
      };
    },
  },
];

async function childrenOf(folder: string): Promise<{ folders: string[]; files: string[] }> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const of = (isFolder: boolean): string[] =>
      entries.filter((entry) => entry.isDirectory() === isFolder).map(({ name }) => path.join(folder, name));
    return { folders: of(true), files: of(false) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { folders: [], files: [] };
    throw error;
  }
}

/** `runs/<job>/attempts/<n>/checkpoints`, of all that are there. */
async function checkpointFolders(runs: string): Promise<{ job: string; folder: string }[]> {
  const found: { job: string; folder: string }[] = [];
  for (const job of (await childrenOf(runs)).folders) {
    for (const attempt of (await childrenOf(path.join(job, 'attempts'))).folders)
      found.push({ job: path.basename(job), folder: path.join(attempt, 'checkpoints') });
  }
  return found;
}
