import { endedExamples } from './ended.spec-kit.js';
import {
  ann,
  byAnn,
  bySystem,
  endedByAnn,
  endedByKim,
  kim,
  load,
  messageId,
  minutesLater,
  queueId,
  said,
  sessionId,
  survey,
  type ExamplesOf,
} from './given.spec-kit.js';

export const sessionExamples: ExamplesOf<'session'> = {
  'session.started': [
    {
      ...said(4),
      sessionId,
      userId: ann,
      origin: 'inbound',
      channelId: null,
      agentId: null,
      holderKind: 'bot',
    },
    {
      ...said(29, 6),
      sessionId,
      userId: null,
      origin: 'agent_initiated',
      channelId: '64f0c0000000000000000014',
      agentId: kim,
      holderKind: null,
    },
  ],
  'session.consent_requested': [
    { ...said(3, 0), sessionId, messageId },
    { ...said(30, 6), sessionId, messageId: '64f0c000000000000000000a' },
  ],
  'session.consent_given': [
    { ...said(5, 0), sessionId, by: byAnn },
    { ...said(32, 6), sessionId, by: bySystem },
  ],
  'session.consent_refused': [
    { ...said(5, 0), sessionId, by: byAnn },
    { ...said(32, 6), sessionId, by: bySystem },
  ],
  'session.state_changed': [
    {
      ...said(10, 2),
      sessionId,
      from: 'WAITING',
      to: 'WAITING',
      reason: 'transferred',
      queueId,
      requestedAt: minutesLater(2),
      skills: ['refunds', 'de'],
      preferredAgentId: kim,
      load,
      by: bySystem,
    },
    {
      ...said(14, 3),
      sessionId,
      from: 'WAITING',
      to: 'ACTIVE',
      reason: 'control_moved',
      queueId: null,
      requestedAt: null,
      skills: [],
      preferredAgentId: null,
      load: null,
      by: null,
    },
  ],
  'session.queue_overflowed': [
    { ...said(12, 2), sessionId, queueId },
    { ...said(12, 2), sessionId, queueId: null },
  ],
  'session.inactivated': [
    { ...said(18, 4), sessionId, inactivatedBy: endedByKim, owner: kim },
    { ...said(26, 6), sessionId, inactivatedBy: { type: 'system', id: null, via: 'timer' }, owner: null },
  ],
  'session.reactivated': [
    { ...said(20, 4), sessionId, owner: kim },
    { ...said(28, 6), sessionId, owner: null },
  ],
  'session.reminder_sent': [
    { ...said(16, 3), sessionId, about: 'customer', kind: 'reminder', number: 1, messageId },
    { ...said(19, 4), sessionId, about: 'agent', kind: 'warning', number: 2, messageId: null },
  ],
  'session.end_requested': [
    { ...said(17, 3), sessionId, endedBy: endedByAnn, endReason: 'end_user_ended', endRequestedAt: minutesLater(14) },
    { ...said(17, 3), sessionId, endedBy: endedByKim, endReason: 'agent_ended', endRequestedAt: minutesLater(9) },
  ],
  'session.ending': [
    {
      ...said(19, 4),
      sessionId,
      postEnd: { integrationId: survey, startedAt: minutesLater(14), deadline: minutesLater(24) },
    },
    { ...said(19, 4), sessionId, postEnd: { integrationId: survey, startedAt: minutesLater(9), deadline: null } },
  ],
  'session.ended': endedExamples,
};
