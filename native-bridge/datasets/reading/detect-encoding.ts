import { isAscii, isUtf8 } from 'node:buffer';
import { isWideEncoding, type WideEncoding } from './converting-input.ts';
import { fallbackDecoder, type FallbackDecoder } from './fallback-encoding.ts';

export interface DetectedEncoding {
  /** Name to show, and how sure it is, from 0 to 1. */
  readonly name: string;
  readonly confidence: number;
  /** The whole file has to be converted from this. */
  readonly wide: WideEncoding | undefined;
  /** Bytes of the byte order mark. */
  readonly markBytes: number;
  /** For records that are not UTF-8, in the order of D-4. */
  readonly fallbacks: readonly FallbackDecoder[];
}

/** The Unicode standard, table 23-5. FF FE 00 00 is UTF-32: no text in UTF-16 begins with a NUL. */
const marks: readonly (readonly [bytes: readonly number[], name: 'utf-8' | WideEncoding])[] = [
  [[0xff, 0xfe, 0x00, 0x00], 'utf-32le'],
  [[0x00, 0x00, 0xfe, 0xff], 'utf-32be'],
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

const sampleBytes = 65_536;
/** What a single byte encoding is taken for where nothing says otherwise: by far the commonest on the web and in spreadsheets. */
const usualFallback = 'windows-1252';
/** Below this confidence (0 to 100) a guess of chardet is not better than the usual one. */
const leastConfidence = 30;

/** Whole lines with bytes above 127 in them, those that are UTF-8 counted, those that are not kept for a closer look. */
interface WideLines {
  readonly utf8: number;
  readonly other: number;
  readonly otherBytes: Buffer;
}

/** Samples begin and end in the middle of lines; those are left out, except at the beginning and at the end of the file. */
function wideLines(samples: readonly Buffer[], isHeadWhole: boolean): WideLines {
  const kept: Buffer[] = [];
  let [utf8, other, keptBytes] = [0, 0, 0];
  samples.forEach((sample, index) => {
    const first = index === 0 ? 0 : sample.indexOf(10) + 1;
    for (let start = first; start < sample.length;) {
      const feed = sample.indexOf(10, start);
      if (feed === -1 && !(index === 0 && isHeadWhole) && start !== 0) break;
      const line = sample.subarray(start, feed === -1 ? sample.length : feed + 1);
      start += line.length;
      if (isAscii(line)) continue;
      if (isUtf8(line) || (feed === -1 && isUtf8(line.subarray(0, line.length - 3)))) utf8 += 1;
      else {
        other += 1;
        if (keptBytes < sampleBytes) kept.push(line.subarray(0, sampleBytes));
        keptBytes += line.length;
      }
    }
  });
  return { utf8, other, otherBytes: Buffer.concat(kept) };
}

async function guess(bytes: Buffer): Promise<{ decoder: FallbackDecoder; confidence: number }> {
  const usual = { decoder: await fallbackDecoder(usualFallback), confidence: leastConfidence / 100 };
  if (bytes.length === 0) return usual;
  const { analyse } = await import('chardet');
  const best = analyse(bytes).find(({ name }) => !name.startsWith('UTF-'));
  if (best === undefined || best.confidence < leastConfidence) return usual;
  const decoder = await fallbackDecoder(best.name);
  return decoder.decode(bytes) === undefined ? usual : { decoder, confidence: best.confidence / 100 };
}

export interface EncodingSamples {
  /** The beginning of the file. */
  readonly head: Buffer;
  /** The head is the whole file. */
  readonly isWhole: boolean;
  /** Pieces from elsewhere, cut anywhere. */
  readonly others: readonly Buffer[];
  /** What the person says. */
  readonly declared: string | undefined;
}

/**
 * UTF-8 unless a byte order mark, the person or most of the lines with other than ASCII in them say otherwise. Records are decoded one by one later, so a
 * wrong answer costs flags, not text.
 */
export async function detectEncoding({ head, isWhole, others, declared }: EncodingSamples): Promise<DetectedEncoding> {
  const mark = marks.find(([bytes]) => bytes.every((byte, index) => head[index] === byte));
  const markBytes = mark?.[0].length ?? 0;
  const wide = mark?.[1] ?? declared?.trim().toLowerCase() ?? '';
  if (isWideEncoding(wide)) return { name: wide, confidence: 1, wide, markBytes, fallbacks: [] };
  const lines = wideLines([head.subarray(markBytes), ...others], isWhole);
  const guessed = await guess(lines.otherBytes);
  const said = declared === undefined ? [] : [await fallbackDecoder(declared)];
  const fallbacks = [...said, guessed.decoder].filter(({ name }) => name !== 'utf-8');
  const share = lines.other / Math.max(1, lines.other + lines.utf8);
  const isUtf = mark !== undefined || share <= 0.5;
  const first = said[0] ?? guessed.decoder;
  return {
    name: isUtf ? 'utf-8' : first.name,
    confidence: isUtf ? 1 - share : said.length > 0 ? 1 : guessed.confidence,
    wide: undefined,
    markBytes,
    fallbacks,
  };
}
