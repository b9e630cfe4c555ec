import { describe, expect, it } from '@jest/globals';
import type { AppConfiguration, IntegrationSummary } from '../../configuration/index.js';
import { decidingSettings } from '../../configuration/index.js';
import type { IntegrationId, SurveyId, UserId } from '../../kernel/index.js';
import type { MessageDraft } from './request.js';
import { tailored, tailoredCommand } from './tailored.js';

const integration = (id: string, type: string): [IntegrationId, IntegrationSummary] => [
  id as IntegrationId,
  { id: id as IntegrationId, type, displayName: null },
];

const wishes = (
  settings: Parameters<typeof decidingSettings>[0],
  ...integrations: [IntegrationId, IntegrationSummary][]
): Pick<AppConfiguration, 'settings' | 'integrations'> => ({
  settings: decidingSettings(settings),
  integrations: new Map(integrations),
});

const draft: MessageDraft = {
  author: { type: 'user', userId: '66ee00000000000000000001' },
  content: { type: 'text', text: 'It is 4111 1111 1111 1111' },
  source: { type: 'web' },
  metadata: null,
};

describe('a message as its app wants it', () => {
  it('is left alone where the app wants nothing', () => {
    expect(tailored(draft, wishes({}))).toEqual(draft);
  });

  it('has no card numbers where they are masked, whoever wrote', () => {
    const business: MessageDraft = { ...draft, author: { type: 'business' } };
    for (const one of [draft, business])
      expect(tailored(one, wishes({ maskCreditCardNumbers: true })).content['text']).toBe('It is **** **** **** 1111');
  });

  it('has a name where users without one are called by animals, and keeps the one it has', () => {
    const animals = wishes({ useAnimalNames: true });
    const { displayName } = tailored(draft, animals).author;
    expect(displayName).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    expect(tailored(draft, animals).author['displayName']).toBe(displayName);
    const ana: MessageDraft = { ...draft, author: { ...draft.author, displayName: 'Ana' } };
    expect(tailored(ana, animals).author['displayName']).toBe('Ana');
    expect(tailored({ ...draft, author: { type: 'business' } }, animals).author).toEqual({ type: 'business' });
  });

  it('says through which web integration it came, if there is only one', () => {
    const web = integration('66dd00000000000000000009', 'web');
    const other = integration('66dd00000000000000000008', 'web');
    const bot = integration('66dd00000000000000000001', 'custom');
    expect(tailored(draft, wishes({}, bot, web)).source).toEqual({ type: 'web', integrationId: web[0] });
    expect(tailored(draft, wishes({}, bot)).source).toEqual({ type: 'web' });
    expect(tailored(draft, wishes({}, web, other)).source).toEqual({ type: 'web' });
    const posted: MessageDraft = { ...draft, source: { type: 'api:conversations' } };
    expect(tailored(posted, wishes({}, web)).source).toEqual({ type: 'api:conversations' });
  });
});

it('masks the comment of a survey too', () => {
  const command = {
    type: 'answerSurvey',
    by: { type: 'user', userId: draft.author['userId'] as UserId },
    surveyId: '66aa00000000000000000001' as SurveyId,
    score: 5,
    comment: 'Charge 4111111111111111',
    messageId: null,
  } as const;
  expect(tailoredCommand(command, wishes({ maskCreditCardNumbers: true }))).toMatchObject({
    comment: 'Charge ************1111',
  });
  expect(tailoredCommand(command, wishes({}))).toBe(command);
});
