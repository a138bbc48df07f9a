import { ForgeError } from '#contract/errors.ts';
import { seededRandom, type SeededRandom } from '../fixtures/bad-files/seeded-random.ts';
import { checkDocument } from './check-document.ts';
import { checkImport, checkPreview } from './check-import.ts';
import { checkReading, Finding } from './check-reading.ts';
import { fuzzedDocument } from './make-document.ts';
import { fuzzedFile, mutated } from './make-file.ts';

/** What a person is told about a file that cannot be read at all; any other error is a finding. */
const expectedCodes = /^dataset\.(?:binary|damaged|too-many-columns|several-inside|expands-too-far|encoding-unknown)$/;

export interface FuzzOutcome {
  /** Records that were read; 0 for a file that was refused. */
  readonly records: number;
  readonly bytes: number;
}

async function readRecords(random: SeededRandom): Promise<FuzzOutcome> {
  const { fileName, bytes, text } = fuzzedFile(random);
  const options = { hasHeader: false, maximumRecordBytes: random.pick([64, 1_000, 2 ** 25]) };
  const windowBytes = 8 + random.below(200);
  const resumeAt = random.below(100) / 100;
  const mapping = random.chance(0.3) ? { prompt: 'prompt', answer: '{answer} {extra}' } : null;
  try {
    const checked = { bytes, fileName, options, windowBytes, resumeAt, ...(text === undefined ? {} : { text }) };
    const result = await checkReading({ ...checked, onPreview: checkPreview });
    checkImport(result, mapping);
    return { records: result.records.length, bytes: bytes.length };
  } catch (error) {
    if (error instanceof ForgeError && expectedCodes.test(error.code)) return { records: 0, bytes: bytes.length };
    throw findingOf(fileName, error);
  }
}

async function readDocument(random: SeededRandom): Promise<FuzzOutcome> {
  const document = fuzzedDocument(random, mutated);
  try {
    return { records: await checkDocument(document), bytes: document.bytes.length };
  } catch (error) {
    throw findingOf(document.fileName, error);
  }
}

function findingOf(fileName: string, error: unknown): Finding {
  if (error instanceof Finding) return error;
  return new Finding(`${fileName}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}

/** Every so many numbers one is a document; the others are files of records. */
const documentEvery = 6;

/** Makes the file of one number, reads it in every way and checks all rules. @throws Finding */
export async function fuzzOne(number: number): Promise<FuzzOutcome> {
  const random = seededRandom(number);
  return number % documentEvery === 0 ? readDocument(random) : readRecords(random);
}
