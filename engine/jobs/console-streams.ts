import type { HostCommand, HostMessage } from '#core/ports/job-host.ts';
import { WakeUp } from './wake-up.ts';

/** A piece of console output. `skipped` bytes have left the replay ring: read them with `consolePage`. */
export type ConsoleChunk =
  | { readonly kind: 'bytes'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'skipped'; readonly from: number; readonly to: number };

export interface ConsolePlace {
  readonly run: string;
  readonly directory: string;
  readonly offset: number;
}

interface Stream {
  readonly place: ConsolePlace;
  /** Where a new job host goes on. */
  nextOffset: number;
  readonly chunks: ConsoleChunk[];
  readonly wakeUp: WakeUp;
  ended: boolean;
}

/** Live consoles for readers. What is held per reader is bounded by the job host's window: it waits for acknowledgement. */
export class ConsoleStreams {
  readonly #send: (command: HostCommand) => void;
  readonly #streams = new Map<number, Stream>();
  #lastViewer = 0;

  constructor(send: (command: HostCommand) => void) {
    this.#send = send;
  }

  /** Readers there are; for leak tests. */
  get size(): number {
    return this.#streams.size;
  }

  async *attach(place: ConsolePlace, signal: AbortSignal): AsyncGenerator<ConsoleChunk, void, undefined> {
    const viewer = (this.#lastViewer += 1);
    const stream: Stream = { place, nextOffset: place.offset, chunks: [], wakeUp: new WakeUp(), ended: false };
    this.#streams.set(viewer, stream);
    try {
      this.#send({ kind: 'attach', viewer, ...place });
      while (!signal.aborted) {
        const { version } = stream.wakeUp;
        const chunk = stream.chunks.shift();
        if (chunk !== undefined) {
          yield chunk;
          if (chunk.kind === 'bytes') {
            this.#send({ kind: 'console-acknowledge', viewer, bytes: chunk.bytes.length });
          }
        } else if (stream.ended) return;
        else await stream.wakeUp.after(version, signal);
      }
    } finally {
      this.#streams.delete(viewer);
      this.#send({ kind: 'detach', viewer });
    }
  }

  /** Every reader goes on at a new job host where it was. */
  onHostUp(): void {
    for (const [viewer, { place, nextOffset }] of this.#streams) {
      this.#send({ kind: 'attach', viewer, ...place, offset: nextOffset });
    }
  }

  onHostMessage(message: HostMessage): void {
    if (message.kind === 'console') {
      const { offset, bytes } = message;
      this.#add(message.viewer, { kind: 'bytes', offset, bytes }, offset + bytes.length);
    } else if (message.kind === 'console-skipped') {
      const { from, to } = message;
      this.#add(message.viewer, { kind: 'skipped', from, to }, to);
    } else if (message.kind === 'console-ended') {
      const stream = this.#streams.get(message.viewer);
      if (stream === undefined) return;
      stream.ended = true;
      stream.wakeUp.signal();
    }
  }

  #add(viewer: number, chunk: ConsoleChunk, nextOffset: number): void {
    const stream = this.#streams.get(viewer);
    if (stream === undefined) return;
    stream.chunks.push(chunk);
    stream.nextOffset = nextOffset;
    stream.wakeUp.signal();
  }
}
