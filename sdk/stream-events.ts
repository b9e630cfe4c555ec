/**
 * The stream had gone back (a lost disk, an older copy), and what it had lost is published again, with the same ids.
 * Durable consumers that are not made anew now miss what lies under the numbers they have passed: the kit's are.
 */
export interface StreamRestored {
  readonly schemaVersion: 1;
  readonly stream: string;
  /** Rises by one each time; the stream's description says it too. @minimum 1 */
  readonly generation: number;
  /** When the stream that is there now was created, as NATS tells it. @format date-time */
  readonly createdAt: string;
  /** The stream holds what it held up to this number. @minimum 0 */
  readonly survivedSeq: number;
  /** Events that it had lost. @minimum 0 */
  readonly republished: number;
}
