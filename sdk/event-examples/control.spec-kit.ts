import {
  at,
  byApp,
  byDesk,
  byFaq,
  bySystem,
  desk,
  faq,
  messageId,
  minutesLater,
  said,
  sessionId,
  survey,
  type ExamplesOf,
} from './given.spec-kit.js';

export const controlExamples: ExamplesOf<'control'> = {
  'control.assigned': [
    { ...said(3), to: faq, kind: 'bot', queued: false },
    { ...said(27, 7), to: desk, kind: 'agent', queued: true },
  ],
  'control.passed': [
    {
      ...said(9, 2),
      from: faq,
      to: desk,
      kind: 'agent',
      queued: true,
      voided: null,
      metadata: { ticket: 7, urgent: true },
      reason: null,
      cause: 'command',
      partingUntil: minutesLater(1),
      by: byFaq,
    },
    // By the end of the session, to who asks for a rating; an open offer became void.
    {
      ...said(18, 4),
      from: desk,
      to: survey,
      kind: 'bot',
      queued: false,
      voided: faq,
      metadata: { sessionId, endReason: 'agent_ended' },
      reason: 'ticketClosed',
      cause: 'sessionEnd',
      partingUntil: null,
      by: bySystem,
    },
  ],
  'control.offered': [
    {
      ...said(9),
      active: faq,
      to: desk,
      voided: null,
      expiresAt: minutesLater(1),
      metadata: { topic: 'refund' },
      fallback: [survey],
      byHolder: true,
      by: byFaq,
    },
    {
      ...said(10),
      active: null,
      to: faq,
      voided: desk,
      expiresAt: null,
      metadata: null,
      fallback: [],
      byHolder: false,
      by: byApp,
    },
  ],
  'control.accepted': [
    { ...said(10, 2), from: faq, to: desk, kind: 'agent', queued: false, metadata: null, partingUntil: at, by: byDesk },
    {
      ...said(28, 7),
      from: null,
      to: faq,
      kind: 'bot',
      queued: false,
      metadata: { greeting: true },
      partingUntil: null,
      by: byFaq,
    },
  ],
  'control.declined': [
    { ...said(10), pending: desk, metadata: null, by: byDesk },
    { ...said(12), pending: faq, metadata: { why: 'closed until 9' }, by: byFaq },
  ],
  'control.expired': [
    { ...said(10), pending: desk, offerSeq: 9 },
    { ...said(13), pending: faq, offerSeq: 12 },
  ],
  'control.released': [
    { ...said(17, 3), from: desk, voided: null, metadata: null, reason: 'ticketClosed', cause: 'command', by: byDesk },
    // Nobody held control: only an offer was open.
    {
      ...said(18, 3),
      from: null,
      voided: faq,
      metadata: null,
      reason: 'sessionEnded',
      cause: 'sessionEnd',
      by: bySystem,
    },
  ],
  'control.removed': [
    { ...said(20, 4), active: faq, pending: null },
    { ...said(20, 3), active: null, pending: desk },
  ],
  'control.failed': [
    {
      ...said(11),
      action: 'pass',
      code: 'switchboard_invalid_target',
      message: 'No switchboard integration has the id, name or type "x".',
      metadata: null,
      by: byFaq,
    },
    {
      ...said(12, 2),
      action: 'accept',
      code: 'switchboard_invalid_action',
      message: 'No offer waits for this switchboard integration.',
      metadata: { ticket: 7 },
      by: byDesk,
    },
  ],
  'control.holder_failed': [
    { ...said(14), holder: faq, role: 'active', why: 'undeliverable', messageId },
    // The end user hears nothing of those who were only invited.
    { ...said(15, 2), holder: survey, role: 'pending', why: 'undeliverable', messageId: null },
  ],
  'control.reply_overdue': [
    { ...said(14), holder: faq, owedSince: at },
    { ...said(31, 6), holder: desk, owedSince: minutesLater(20) },
  ],
  'control.loop_stopped': [
    { ...said(61, 21), between: [faq, desk], handOffs: 20, to: faq },
    { ...said(62, 22), between: [faq, desk, survey], handOffs: 20, to: null },
  ],
  'control.offers_exhausted': [
    { ...said(12), active: faq, last: desk, why: 'declined' },
    { ...said(16, 2), active: null, last: survey, why: 'dead' },
  ],
};
