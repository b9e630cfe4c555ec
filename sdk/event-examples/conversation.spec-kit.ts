import {
  ann,
  bob,
  byAnn,
  byApp,
  byDesk,
  byFaq,
  byKim,
  bySystem,
  faq,
  kim,
  messageId,
  said,
  sessionId,
  type ExamplesOf,
} from './given.spec-kit.js';

const otherMessageId = '64f0c000000000000000000a';

export const conversationExamples: ExamplesOf<'conversation' | 'participant' | 'message' | 'postback'> = {
  'conversation.created': [
    { ...said(1, 0), by: byAnn },
    { ...said(1, 0), by: byApp },
  ],
  'conversation.changed': [
    { ...said(4), by: byApp },
    { ...said(9, 2), by: byDesk },
  ],
  'conversation.read': [
    { ...said(6), userId: ann, by: byAnn },
    { ...said(7), userId: null, by: byDesk },
  ],
  'conversation.closed': [said(21, 5), said(34, 9)],
  'conversation.removed': [
    { ...said(22, 6), by: byApp },
    { ...said(3, 1), by: bySystem },
  ],
  'participant.joined': [
    { ...said(2, 0), role: 'end_user', userId: bob, agentId: null, sessionId: null, by: byApp },
    { ...said(10, 2), role: 'agent', userId: null, agentId: kim, sessionId, by: byKim },
  ],
  'participant.left': [
    { ...said(12, 3), role: 'end_user', userId: bob, agentId: null, sessionId: null, why: null, by: byApp },
    // The connection was lost for too long: nobody asked for it.
    { ...said(13, 3), role: 'agent', userId: null, agentId: kim, sessionId, why: 'agent_offline', by: null },
  ],
  'message.received': [
    { ...said(2, 0), messageId, userId: ann, formId: otherMessageId, by: byAnn },
    // On behalf of the end user, as a channel of the business does it.
    { ...said(11, 2), messageId: otherMessageId, userId: bob, by: byApp },
  ],
  'message.sent': [
    {
      ...said(5),
      messageId,
      sender: faq,
      senderKind: 'bot',
      agentId: null,
      outOfTurn: false,
      parting: true,
      by: byFaq,
    },
    // The bot did not hear that the desk had taken over; the switchboard only warns.
    {
      ...said(14, 2),
      messageId: otherMessageId,
      sender: faq,
      senderKind: 'bot',
      agentId: null,
      outOfTurn: true,
      parting: false,
      by: byFaq,
    },
  ],
  'message.noted': [
    { ...said(19, 4), messageId, sessionId },
    { ...said(40, 8), messageId: otherMessageId, sessionId: '64f0c000000000000000000c' },
  ],
  'message.removed': [
    { ...said(15, 2), messageId, count: 1, by: byDesk },
    { ...said(16, 2), messageId: null, count: 3, by: byApp },
  ],
  'postback.received': [
    { ...said(8), userId: ann, by: byAnn },
    { ...said(10), userId: bob, by: byApp },
  ],
};
