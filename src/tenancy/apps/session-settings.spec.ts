import { describe, expect, it } from '@jest/globals';
import { decidingSettings, defaultSettings, type StoredSettings } from '../../configuration/index.js';
import { Failure } from '../../kernel/index.js';
import { patchedSettings, type SettingsPatch } from './settings.js';

const refusalOf = (patch: SettingsPatch, settings: StoredSettings = defaultSettings): string | null => {
  try {
    patchedSettings(settings, patch);
    return null;
  } catch (error) {
    return `${(error as Failure).code}: ${(error as Failure).title}`;
  }
};
const reminder = { afterSeconds: 300, text: 'Are you there?' };

describe('settings of the life of sessions', () => {
  it('L-3 a conversation outlives its sessions unless the policy is session_based, said in either way', () => {
    expect(defaultSettings.reopenWithinSeconds).toBeNull();
    const multi = { multiConvoEnabled: true };
    const policy = patchedSettings(defaultSettings, { ...multi, conversationPolicy: 'session_based' });
    expect(policy).toEqual(patchedSettings(defaultSettings, { ...multi, reopenWithinSeconds: 0 }));
    expect(policy).not.toHaveProperty('conversationPolicy');
    expect(patchedSettings(policy, { conversationPolicy: 'async' }).reopenWithinSeconds).toBeNull();
    expect(patchedSettings(policy, {}).reopenWithinSeconds).toBe(0);
    expect(refusalOf({ conversationPolicy: 'async', reopenWithinSeconds: 60 })).toMatch(/^bad_request: Name conv/);
  });

  it('a conversation closes behind an end only where its end user may begin another', () => {
    const refusal = /^requires_multi_conversations: reopenWithinSeconds/;
    for (const patch of [
      { conversationPolicy: 'session_based' },
      { reopenWithinSeconds: 0 },
      { reopenWithinSeconds: 60 },
    ] as const)
      expect(refusalOf(patch)).toMatch(refusal);
    const before: StoredSettings = { ...defaultSettings, reopenWithinSeconds: 0 };
    expect(refusalOf({ endingMaxSeconds: 60, reopenWithinSeconds: 0 }, before)).toBeNull();
    expect(refusalOf({ reopenWithinSeconds: 60 }, before)).toMatch(refusal);
    expect(patchedSettings(before, { conversationPolicy: 'async' }).reopenWithinSeconds).toBeNull();
    expect(refusalOf({ multiConvoEnabled: true }, before)).toBeNull();
  });

  it('a threading window needs reopening to be on', () => {
    const closed = patchedSettings(defaultSettings, { multiConvoEnabled: true, disableConversationReopen: true });
    expect(refusalOf({ reopenWithinSeconds: 60 }, closed)).toMatch(/^bad_request: reopenWithinSeconds/);
    const window = patchedSettings(defaultSettings, { multiConvoEnabled: true, reopenWithinSeconds: 60 });
    expect(refusalOf({ disableConversationReopen: true }, window)).toMatch(/^bad_request: reopenWithinSeconds/);
    expect(refusalOf({ disableConversationReopen: true, reopenWithinSeconds: 0 }, window)).toBeNull();
  });

  it('idle rules are off until they are set, and merge', () => {
    expect(decidingSettings({}).idle.agent).toEqual({ warnSeconds: null, actSeconds: null, action: { do: 'end' } });
    const warned = patchedSettings(defaultSettings, { idle: { customer: { warnSeconds: 120 } } });
    const acting = patchedSettings(warned, { idle: { customer: { actSeconds: 300, action: 'bot:triage' } } });
    expect(decidingSettings(acting).idle.customer).toEqual({
      warnSeconds: 120,
      actSeconds: 300,
      action: { do: 'bot', name: 'triage' },
    });
  });

  it('a warning comes before the act it warns of, in both directions', () => {
    expect(refusalOf({ idle: { agent: { warnSeconds: 300, actSeconds: 300 } } })).toMatch(/idle\.agent\.warnSeconds/);
    const acting = patchedSettings(defaultSettings, { idle: { agent: { warnSeconds: 240, actSeconds: 300 } } });
    expect(refusalOf({ idle: { agent: { actSeconds: 180 } } }, acting)).toMatch(/idle\.agent\.warnSeconds/);
    expect(refusalOf({ idle: { agent: { actSeconds: null } } }, acting)).toBeNull();
  });

  it('nothing follows the reminder that ends the session', () => {
    expect(refusalOf({ reminders: [{ ...reminder, ends: true }, reminder] })).toMatch(/reminders/);
    expect(patchedSettings(defaultSettings, { reminders: [reminder, { ...reminder, ends: true }] }).reminders).toEqual([
      { ...reminder, ticketStatus: null, ends: false },
      { ...reminder, ticketStatus: null, ends: true },
    ]);
  });
});
