import type { ChannelId, Millis, SwitchboardIntegrationId } from '../../kernel/index.js';
import { released, type Control } from './control.js';
import type { Session } from './session.js';
import type { AskedSurvey } from './survey.js';

/** All that decisions about one conversation need. Stored as one row; rebuilt from its events it is the same (I10). */
export interface ConversationState {
  readonly lifecycle: 'absent' | 'open' | 'closedToEndUser' | 'removed';
  /** Number of the last event; the first event is 1, no gaps. */
  readonly seq: number;
  /** Rises by one exactly when the holder changes, to or from none, or the agent who speaks for a workspace (I2). */
  readonly controlEpoch: number;
  /** Time of the last event; `world.now` is never before it. */
  readonly lastEventAt: Millis;
  readonly control: Control;
  /** Who gave control away by itself and may still say a word; `null`: nobody. */
  readonly parting: Parting | null;
  readonly handOffs: HandOffs;
  readonly answering: Answering;
  /** The service channel; `null`: the app's usual one. */
  readonly channelId: ChannelId | null;
  /** The end user agreed to be written to; asked for only where the channel wants it (T7). */
  readonly consented: boolean;
  /** The last session, live or over; `null` before the first. */
  readonly session: Session | null;
  /** Messages stored in this conversation, for the limit of 30,000 (`docs/wire.md` 5). */
  readonly messageCount: number;
  /** Surveys of earlier sessions, the latest; absent before the first. */
  readonly surveys?: readonly AskedSurvey[];
}

/** A word that is still due to whoever handed over by itself. It ends with the epoch that the hand-over began. */
export interface Parting {
  readonly id: SwitchboardIntegrationId;
  readonly controlEpoch: number;
  readonly until: Millis;
}

/** Control as integrations move it by their own keys, since anybody last wrote or somebody else moved it. */
export interface HandOffs {
  readonly count: number;
  readonly between: readonly SwitchboardIntegrationId[];
  /** The guard has stepped in: nothing moves by an integration's key until somebody writes. */
  readonly stopped: boolean;
}

export const noHandOffs: HandOffs = { count: 0, between: [], stopped: false };

/** How those who should answer do. It outlives a holder: a fail-over tries one after the other. */
export interface Answering {
  /** Found dead since a linked integration last spoke, or control was last moved by hand. */
  readonly dead: readonly SwitchboardIntegrationId[];
  /** Since when the end user waits for an answer of the present holder; `null`: they do not. */
  readonly owedSince: Millis | null;
  /** That it is late was announced. */
  readonly overdue: boolean;
}

export const nobodyOwes: Answering = { dead: [], owedSince: null, overdue: false };

export const initialState: ConversationState = {
  lifecycle: 'absent',
  seq: 0,
  controlEpoch: 0,
  lastEventAt: 0,
  control: released,
  parting: null,
  handOffs: noHandOffs,
  answering: nobodyOwes,
  channelId: null,
  consented: false,
  session: null,
  messageCount: 0,
};

/** Participants a group can hold (`docs/wire.md` 5). */
export const PARTICIPANT_LIMIT = 10;

/** Messages a conversation can hold; further ones are refused with `messageLimitReached` (423, `docs/wire.md` 5). */
export const MESSAGE_LIMIT = 30_000;
