import { byAnn, bySystem, messageId, minutesLater, said, sessionId, type ExamplesOf } from './given.spec-kit.js';

const surveyId = '64f0c000000000000000000c';
const agentId = '64f0c000000000000000000d';
const teamId = 'billing';
const queueId = '64f0c000000000000000000e';
const subject = { agentId, teamId, queueId };
const nobody = { agentId: null, teamId: null, queueId: null };
const link = `https://help.example.org/surveys/${surveyId}-lx2k9f3c-4hL0cVJ0bC1y0o5o0a0m0B0v0Q0r0S0t0U0w0X0y0Z0`;
const closesAt = minutesLater(7 * 24 * 60);

export const surveyExamples: ExamplesOf<'survey' | 'csat'> = {
  'survey.posted': [
    { ...said(21, 5), surveyId, sessionId, messageId, link, scale: 'stars5', closesAt, ...subject },
    // A bot's session, in a conversation that holds no further message.
    { ...said(22, 5), surveyId, sessionId, messageId: null, link, scale: 'thumbs', closesAt, ...nobody },
  ],
  'csat.answered': [
    {
      ...said(22, 5),
      surveyId,
      sessionId,
      messageId,
      formId: '64f0c000000000000000000f',
      scale: 'stars5',
      score: 5,
      commented: true,
      ...subject,
      by: byAnn,
    },
    {
      ...said(23, 5),
      surveyId,
      sessionId,
      messageId: null,
      formId: null,
      scale: 'thumbs',
      score: 0,
      commented: false,
      ...nobody,
      by: bySystem,
    },
  ],
};
