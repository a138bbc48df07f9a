import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DomainPack, DomainProblem, ShownDomain } from '#contract/domain-packs.ts';
import { domainId } from '#contract/domain-packs.ts';
import { ForgeError } from '#contract/errors.ts';
import { parsePack } from '#core/foundry/domains/parse-pack.ts';
import { stepsOfPack } from '#core/foundry/domains/pack-steps.ts';

/** A pack is a page of text; anything larger is another kind of file. */
const largestPackBytes = 1_048_576;

export interface DomainService {
  list(): Promise<ShownDomain[]>;
  /** @throws ForgeError domain.unknown, domain.invalid */
  show(id: string): Promise<ShownDomain>;
  /** @throws ForgeError domain.exists, domain.unknown (of `like`) */
  create(wish: {
    readonly id: string;
    readonly name: string | null;
    readonly like: string | null;
  }): Promise<ShownDomain>;
}

export interface DomainParts {
  /** Packs that came with Forge. */
  readonly shipped: string;
  /** The person's own: `FORGE_HOME/domains`. */
  readonly own: string;
  /** Ids of the packs of detectors that there are. */
  readonly detectors: () => Promise<readonly string[]>;
}

function notAPack(message: string, remedy: string): { readonly problems: readonly DomainProblem[] } {
  return { problems: [{ path: '$', message, remedy }] };
}

async function readPack(file: string): Promise<{ pack?: DomainPack | null; problems: readonly DomainProblem[] }> {
  const facts = await stat(file);
  if (!facts.isFile() || facts.size > largestPackBytes)
    return notAPack('it is not a JSON file of at most 1 MB', 'Put the pack there as a small JSON file.');
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return notAPack(`it is not JSON (${error.message.slice(0, 120)})`, 'Mend the JSON; an editor shows the place.');
  }
  const parsed = parsePack(value);
  const named = path.basename(file, '.json');
  if (parsed.pack === null || parsed.pack.id === named) return parsed;
  const message = `$.id is ${JSON.stringify(parsed.pack.id)}, but the file is called ${named}.json`;
  return { problems: [{ path: '$.id', message, remedy: `Write at $.id: "${named}", or rename the file.` }] };
}

async function idsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.json') && domainId.safeParse(name.slice(0, -5)).success)
    .map((name) => name.slice(0, -5));
}

/** Detectors that a pack switches on and that are not there. */
function unknownDetectors({ data }: DomainPack, known: readonly string[]): DomainProblem[] {
  return data.pii_packs.flatMap((id, index) => {
    const place = `$.data.pii_packs[${index}]`;
    const remedy = `Write at ${place}: one of ${known.join(', ')}.`;
    return known.includes(id) ? [] : [{ path: place, message: `${place} is ${JSON.stringify(id)}`, remedy }];
  });
}

async function shown(parts: DomainParts, id: string, isOwn: boolean): Promise<ShownDomain> {
  const folder = isOwn ? parts.own : parts.shipped;
  const file = path.join(folder, `${id}.json`);
  const { pack: read = null, problems: told } = await readPack(file);
  const problems = read === null ? told : unknownDetectors(read, await parts.detectors());
  const pack = problems.length === 0 ? read : null;
  const samplesFile = pack?.samples === undefined ? null : path.join(folder, pack.samples.file);
  return { id, file, isOwn, pack, problems: [...problems], samplesFile, steps: pack === null ? [] : stepsOfPack(pack) };
}

/** What a new pack begins with: the settings of another one without what is only that one's, or the usual ones. */
function firstPack(id: string, name: string | null, like: DomainPack | null): Record<string, unknown> {
  const { samples: _samples, ...kept } = like ?? {
    description: 'What this domain covers',
    system_prompt: 'You are an expert in ... Say what you do not know.',
    data: { min_response_length: 100, require_code_blocks: false, dedup_by_hash: true },
    eval: {
      has_executable_tests: false,
      scoring: {
        structure: { weight: 25 },
        correctness: { weight: 40 },
        similarity: { weight: 20 },
        completeness: { weight: 15 },
      },
    },
    safety_notes: [],
    samples: undefined,
  };
  const { eval: evaluation } = kept;
  return { ...kept, id, name: name ?? id, eval: { ...evaluation, tasks: `${id}/tasks.jsonl` } };
}

async function writeNew(file: string, value: unknown): Promise<boolean> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
  if (handle === null) return false;
  await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`).finally(() => handle.close());
  return true;
}

/** Domain packs from two folders; files are read anew each time, for people edit them. */
export function createDomainService(parts: DomainParts): DomainService {
  async function places(): Promise<ReadonlyMap<string, boolean>> {
    const [shippedIds, ownIds] = [await idsIn(parts.shipped), await idsIn(parts.own)];
    const sorted = [...new Set([...shippedIds, ...ownIds])].toSorted();
    return new Map(sorted.map((id) => [id, ownIds.includes(id)]));
  }

  const at = (id: string, isOwn: boolean): Promise<ShownDomain> => shown(parts, id, isOwn);

  async function show(id: string): Promise<ShownDomain> {
    const known = await places();
    const isOwn = known.get(id);
    if (isOwn === undefined) throw new ForgeError('domain.unknown', { id, known: [...known.keys()].join(', ') });
    const domain = await at(id, isOwn);
    if (domain.pack !== null) return domain;
    throw new ForgeError('domain.invalid', {
      file: domain.file,
      problems: domain.problems.map(({ message }) => message).join('; '),
      changes: domain.problems.map(({ remedy }) => remedy.replace(/\.$/, '')).join('; '),
    });
  }

  return {
    async list() {
      return Promise.all([...(await places())].map(([id, isOwn]) => at(id, isOwn)));
    },
    show,
    async create({ id, name, like }) {
      const there = (await places()).get(id);
      const file = path.join(there === false ? parts.shipped : parts.own, `${id}.json`);
      if (there !== undefined) throw new ForgeError('domain.exists', { id, file });
      const pattern = like === null ? null : (await show(like)).pack;
      if (!(await writeNew(file, firstPack(id, name, pattern)))) throw new ForgeError('domain.exists', { id, file });
      return show(id);
    },
  };
}
