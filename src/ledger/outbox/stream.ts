import type { OutboxStore } from './outbox.store.js';

/** What the relay needs of the stream; `platform/nats` has the one of JetStream. */
export interface Publisher {
  ensure(): Promise<{ readonly created: string; readonly lastSeq: number }>;
  publish(subject: string, id: string, body: string): Promise<{ readonly seq: number; readonly duplicate: boolean }>;
}

export interface Verified {
  /** Acknowledgements count while the stream's mark is of this generation. */
  readonly generation: number;
  readonly lastSeq: number;
}

/**
 * Compares the stream with its mark before anything is published. A stream that is another one, or ends before what it
 * once acknowledged, went back: what it lost becomes unpublished, and is published again before anything newer of the
 * same conversation (finding 3 of `reliability.md`). `lost` is told how many rows.
 */
export async function verifyStream(
  store: OutboxStore,
  publisher: Publisher,
  stream: string,
  lost: (rows: number) => void,
): Promise<Verified> {
  for (;;) {
    // The mark first: what others publish meanwhile makes the stream longer than the mark, never shorter.
    const mark = await store.mark(stream);
    const { created, lastSeq } = await publisher.ensure();
    if (mark === null) {
      await store.begin(stream, created, lastSeq);
    } else if (mark.created === created && lastSeq >= mark.floor) {
      await store.advance(stream, mark.generation, lastSeq);
      return { generation: mark.generation, lastSeq };
    } else {
      const survived = mark.created === created ? lastSeq : 0;
      const rows = await store.rewind(stream, mark.generation, created, survived);
      if (rows !== null) lost(rows);
    }
  }
}
