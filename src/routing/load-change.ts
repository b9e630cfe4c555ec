import type { EventMatching } from '../../sdk/index.js';

/** What an event tells about one conversation: who holds it, and whether a session is open in it. */
export interface LoadChange {
  /** Absent: the event says nothing about it. `null`: nobody holds control. */
  readonly holder?: string | null;
  readonly open?: boolean;
}

export type LoadEvent = EventMatching<'control.*'> | EventMatching<'session.*'> | EventMatching<'conversation.removed'>;

/** A session that is ENDING is open still: its post-end integration holds it. */
export function changeBy(event: LoadEvent): LoadChange {
  switch (event.type) {
    case 'switchboard.v1.control.assigned':
    case 'switchboard.v1.control.passed':
    case 'switchboard.v1.control.accepted':
      return { holder: event.data.to };
    case 'switchboard.v1.control.released':
      return { holder: null };
    case 'switchboard.v1.control.removed':
      return event.data.active === null ? {} : { holder: null };
    case 'switchboard.v1.conversation.removed':
      return { holder: null, open: false };
    case 'switchboard.v1.session.started':
      return { open: true };
    case 'switchboard.v1.session.ended':
      return { open: false };
    case 'switchboard.v1.control.offered':
    case 'switchboard.v1.control.declined':
    case 'switchboard.v1.control.expired':
    case 'switchboard.v1.control.failed':
    case 'switchboard.v1.control.holder_failed':
    case 'switchboard.v1.control.reply_overdue':
    case 'switchboard.v1.control.offers_exhausted':
    case 'switchboard.v1.control.loop_stopped':
    case 'switchboard.v1.session.consent_requested':
    case 'switchboard.v1.session.consent_given':
    case 'switchboard.v1.session.consent_refused':
    case 'switchboard.v1.session.state_changed':
    case 'switchboard.v1.session.queue_overflowed':
    case 'switchboard.v1.session.inactivated':
    case 'switchboard.v1.session.reactivated':
    case 'switchboard.v1.session.reminder_sent':
    case 'switchboard.v1.session.end_requested':
    case 'switchboard.v1.session.ending':
      return {};
    default:
      return newer(event);
  }
}

/** A name that a newer server announces says nothing to us. */
const newer = (_event: never): LoadChange => ({});

/** What events told about one conversation, each fact with the seq that told it last; 0: nothing was told. */
export interface Place {
  readonly conversationId: string;
  readonly appId: string;
  readonly holder: string | null;
  readonly holderSeq: number;
  readonly open: boolean;
  readonly openSeq: number;
}

/** One place per conversation, in id order; of several facts the one with the highest seq counts. */
export function placesOf(events: readonly LoadEvent[]): readonly Place[] {
  const places = new Map<string, Place>();
  for (const event of events) {
    const { appId, conversationId, seq } = event.data;
    const { holder, open } = changeBy(event);
    const known = places.get(conversationId) ?? { ...NOWHERE, appId, conversationId };
    const held = holder !== undefined && seq > known.holderSeq ? { holder, holderSeq: seq } : {};
    const opened = open !== undefined && seq > known.openSeq ? { open, openSeq: seq } : {};
    places.set(conversationId, { ...known, ...held, ...opened });
  }
  return [...places.values()]
    .filter(({ holderSeq, openSeq }) => holderSeq > 0 || openSeq > 0)
    .sort((a, b) => (a.conversationId < b.conversationId ? -1 : 1));
}

const NOWHERE = { holder: null, holderSeq: 0, open: false, openSeq: 0 } as const;
