import { ForgeError } from '#contract/errors.ts';
import { seededRandom } from '../fixtures/bad-files/seeded-random.ts';
import { checkReading, Finding } from './check-reading.ts';
import { fuzzedFile } from './make-file.ts';

/** What a person is told about a file that cannot be read at all; any other error is a finding. */
const expectedCodes = /^dataset\.(?:binary|damaged|too-many-columns|several-inside|expands-too-far|encoding-unknown)$/;

export interface FuzzOutcome {
  /** Records that were read; 0 for a file that was refused. */
  readonly records: number;
}

/** Makes the file of one number, reads it in every way and checks all rules. @throws Finding */
export async function fuzzOne(number: number): Promise<FuzzOutcome> {
  const random = seededRandom(number);
  const { fileName, bytes, text } = fuzzedFile(random);
  const options = { hasHeader: false, maximumRecordBytes: random.pick([64, 1_000, 2 ** 25]) };
  const windowBytes = 8 + random.below(200);
  const resumeAt = random.below(100) / 100;
  try {
    const checked = { bytes, fileName, options, windowBytes, resumeAt, ...(text === undefined ? {} : { text }) };
    const { records } = await checkReading(checked);
    return { records: records.length };
  } catch (error) {
    if (error instanceof ForgeError && expectedCodes.test(error.code)) return { records: 0 };
    if (error instanceof Finding) throw error;
    throw new Finding(`${fileName}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
