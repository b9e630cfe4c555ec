import type { SessionEnded } from '../index.js';
import {
  ann,
  at,
  desk,
  endedByAnn,
  endedByDesk,
  faq,
  minutesLater,
  said,
  sessionId,
  survey,
  type ExamplesOf,
} from './given.spec-kit.js';

/** Ann was helped by the bot, then by the desk, ended it herself in the widget, and was asked for a rating. */
const helped: SessionEnded = {
  ...said(20, 5),
  sessionId,
  endUserId: ann,
  externalUserId: 'ann@example.org',
  locale: 'de',
  origin: 'inbound',
  endedBy: endedByAnn,
  endReason: 'end_user_ended',
  startedAt: at,
  acceptedAt: minutesLater(2),
  endRequestedAt: minutesLater(14),
  endedAt: minutesLater(15),
  handlerType: 'bot_to_agent',
  control: { activeAtEnd: desk, kindAtEnd: 'agent' },
  postEnd: {
    integrationId: survey,
    startedAt: minutesLater(14),
    finishedAt: minutesLater(15),
    forced: false,
    skipped: false,
  },
  conversation: { open: true, endUserCanReply: true, reopenAllowed: true },
  csat: { eligible: false, suppressedBecause: 'already_requested', alreadyRequested: true, channelHint: 'in_channel' },
  metrics: { messages: { endUser: 6, bot: 3, agent: 4, other: 1 } },
  settingsSnapshot: {
    endSessionEnabled: true,
    agentsCanEnd: true,
    disableConversationReopen: false,
    onEnd: { endUser: 'pass:survey', agent: 'release', bot: 'release', system: 'release' },
  },
};

/** Ann ended it while the bot held control; no human took part, no flow ran, and she cannot be asked in the conversation. */
const servedByBot: SessionEnded = {
  ...helped,
  ...said(12, 2),
  acceptedAt: null,
  endRequestedAt: minutesLater(3),
  endedAt: minutesLater(3),
  handlerType: 'bot',
  control: { activeAtEnd: faq, kindAtEnd: 'bot' },
  postEnd: null,
  conversation: { open: true, endUserCanReply: false, reopenAllowed: false },
  csat: { eligible: true, suppressedBecause: null, alreadyRequested: false, channelHint: 'email' },
  metrics: { messages: { endUser: 2, bot: 2, agent: 0, other: 0 } },
  settingsSnapshot: { ...helped.settingsSnapshot, disableConversationReopen: true },
};

export const sessionExamples: ExamplesOf<'session'> = {
  'session.started': [
    { ...said(4), sessionId, userId: ann, holderKind: 'bot' },
    { ...said(29, 6), sessionId, userId: ann, holderKind: null },
  ],
  'session.end_requested': [
    { ...said(17, 3), sessionId, endedBy: endedByAnn, endReason: 'end_user_ended', endRequestedAt: minutesLater(14) },
    { ...said(17, 3), sessionId, endedBy: endedByDesk, endReason: 'agent_ended', endRequestedAt: minutesLater(9) },
  ],
  'session.ending': [
    {
      ...said(19, 4),
      sessionId,
      postEnd: { integrationId: survey, startedAt: minutesLater(14), deadline: minutesLater(24) },
    },
    { ...said(19, 4), sessionId, postEnd: { integrationId: survey, startedAt: minutesLater(9), deadline: null } },
  ],
  'session.ended': [servedByBot, helped],
};
