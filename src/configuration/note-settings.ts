/** What the platform says by itself in a conversation, where the house has words for it. */
export interface NoteWords {
  readonly endedByUser: string;
  readonly endedByAgent: string;
  readonly endedByBot: string;
  /** Ended by the platform: a deadline, an app key. */
  readonly ended: string;
  readonly ticketClosed: string;
  readonly byEmail: string;
  /** Asks whether we may write (`optIn: explicit`). */
  readonly consent: string;
  /** Asks a silent customer, before an idle rule acts. */
  readonly stillThere: string;
}

/** The names of {@link NoteWords}: what an app may say otherwise. */
export const noteNames: readonly (keyof NoteWords)[] = [
  'endedByUser',
  'endedByAgent',
  'endedByBot',
  'ended',
  'ticketClosed',
  'byEmail',
  'consent',
  'stillThere',
];

/** An app's own words; what it leaves out is said as the house says it. */
export interface NoteSettings {
  /** For end users whose own language neither the app nor the house speaks, and for groups. */
  readonly defaultLanguage: string;
  /** By language tag (`de`, `pt-BR`). */
  readonly languages: Readonly<Record<string, Partial<NoteWords>>>;
}

export const defaultNotes: NoteSettings = { defaultLanguage: 'en', languages: {} };
