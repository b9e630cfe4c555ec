import type { OutboxStore, Stored, StreamMark } from './outbox.store.js';

/** What the relay needs of the stream; `platform/nats` has the one of JetStream. */
export interface Publisher {
  ensure(): Promise<StreamFound>;
  /** Lets consumers read from the stream itself which generation it is, and up to where it is the one before. */
  label(label: Label): Promise<void>;
  /** The id of the event under a number of the stream; `null` when it holds none (any more). */
  idAt(seq: number): Promise<string | null>;
  /** `null`: it was to be stored directly behind the event with the id `behind`, and something else lies there. */
  publish(subject: string, id: string, body: string, behind: string | null): Promise<Published | null>;
}

export interface Published {
  readonly seq: number;
  readonly duplicate: boolean;
}

interface Label {
  readonly number: number;
  readonly after: number;
}

interface StreamFound {
  readonly created: string;
  readonly lastSeq: number;
  readonly generation: number | null;
}

export interface Verified {
  /** Acknowledgements count while the stream's mark is of this generation. */
  readonly generation: number;
  readonly lastSeq: number;
}

/** The last that the stream acknowledged to this process, in which generation: its mark may still be on the way. */
export interface Acknowledged extends Stored {
  readonly generation: number;
}

/**
 * Compares the stream with its mark before anything is published. A stream that ends before what it once acknowledged, or
 * holds something else there, went back or is another one: what it lost becomes unpublished, and is published again
 * before anything newer of the same conversation (finding 3 of `docs/invariants.md`). Before that the stream bears the
 * new generation: whoever consumes it finds its own place void. `lost` is told how many rows.
 */
export async function verifyStream(
  store: OutboxStore,
  publisher: Publisher,
  stream: string,
  own: Acknowledged | null,
  lost: (rows: number) => void,
): Promise<Verified> {
  let measured: Label = { number: 0, after: 0 };
  for (;;) {
    // The mark first: what others publish meanwhile makes the stream longer than the mark, never shorter.
    const mark = await store.mark(stream);
    const found = await publisher.ensure();
    if (mark === null) {
      await store.begin(stream, found.created, found.lastSeq);
    } else if (!(await isWhole(mark, found, publisher, own))) {
      const survived = await survivors(store, publisher, found.lastSeq);
      const rows = await store.rewind(stream, mark.generation, found.created, survived);
      if (rows !== null) lost(rows);
      if (rows !== null) measured = { number: mark.generation + 1, after: survived };
    } else if ((found.generation ?? 0) > mark.generation) {
      // Ours was read before another process raised it, or PostgreSQL was put back: what consumers know never falls.
      await store.raise(stream, mark.generation, found.generation ?? 0);
    } else {
      if (found.generation !== mark.generation) await publisher.label(labelOf(mark, measured));
      await store.advance(stream, mark.generation, found.created, found.lastSeq);
      return { generation: mark.generation, lastSeq: found.lastSeq };
    }
  }
}

/** Whoever finds it missing writes it; only who has just measured knows what survived, and 0 is always safe. */
function labelOf({ generation }: StreamMark, measured: Label): Label {
  return measured.number === generation ? measured : { number: generation, after: 0 };
}

/** A look that neither publishes nor marks: is the stream still the one of this generation, and all there? */
export async function standsFirm(
  store: OutboxStore,
  publisher: Publisher,
  stream: string,
  own: Acknowledged | null,
  generation: number,
): Promise<boolean> {
  const mark = await store.mark(stream);
  const found = await publisher.ensure();
  return mark?.generation === generation && found.generation === generation && isWhole(mark, found, publisher, own);
}

/**
 * By what it holds alone: nats-server 2.9 tells another creation time after its restart when the stream's settings were
 * changed before, as the label of a generation does.
 */
async function isWhole(
  mark: StreamMark,
  { lastSeq }: StreamFound,
  publisher: Publisher,
  own: Acknowledged | null,
): Promise<boolean> {
  const ours = own?.generation === mark.generation ? own : null;
  if (lastSeq < Math.max(mark.floor, ours?.seq ?? 0)) return false;
  for (const stored of [mark.last, ours]) if (stored !== null && !(await holds(publisher, stored))) return false;
  return true;
}

/**
 * Up to where the stream is what we know of it. A copy may be of a time before an earlier rewind: then it holds other
 * events under the numbers that followed, so that its length says nothing.
 */
async function survivors(store: OutboxStore, publisher: Publisher, lastSeq: number): Promise<number> {
  let [good, bad] = [0, lastSeq + 1];
  for (let place = lastSeq; good + 1 < bad; place = Math.floor((good + bad) / 2)) {
    const stored = await store.storedBefore(place);
    if (stored === null || (await holds(publisher, stored))) good = place;
    else bad = stored.seq;
  }
  return good;
}

/** What the stream no longer keeps, because of its age, counts as held. */
async function holds(publisher: Publisher, { seq, id }: Stored): Promise<boolean> {
  const there = await publisher.idAt(seq);
  return there === null || there === id;
}
