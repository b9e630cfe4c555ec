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
    case 'switchboard.v1.session.end_requested':
    case 'switchboard.v1.session.ending':
      return {};
    default:
      return newer(event);
  }
}

/** A name that a newer server announces says nothing to us. */
const newer = (_event: never): LoadChange => ({});
