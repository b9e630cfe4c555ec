import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { defaultSettings, migratedSettings, type StoredSettings } from '../../configuration/index.js';
import { Failure } from '../../kernel/index.js';
import { patchedSettings, type SettingsPatch } from './settings.js';

const refusalOf = (settings: StoredSettings, patch: SettingsPatch): string | null => {
  try {
    patchedSettings(settings, patch);
    return null;
  } catch (error) {
    return (error as Failure).code;
  }
};
const multi: StoredSettings = { ...defaultSettings, multiConvoEnabled: true };
const ending: StoredSettings = { ...multi, disableConversationReopen: true, endSessionEnabled: true };

describe('settings that depend on each other', () => {
  it('E-3, E-15: ending needs multi-conversations', () => {
    expect(refusalOf(defaultSettings, { endSessionEnabled: true })).toBe('requires_multi_conversations');
    expect(refusalOf(defaultSettings, { disableConversationReopen: true })).toBe('requires_multi_conversations');
  });

  it('E-4, E-15: ending needs reopening to be off, in both directions', () => {
    expect(refusalOf(multi, { endSessionEnabled: true })).toBe('requires_reopen_disabled');
    expect(refusalOf(ending, { disableConversationReopen: false })).toBe('requires_reopen_disabled');
    expect(refusalOf(ending, { multiConvoEnabled: false })).toBe('requires_multi_conversations');
    expect(refusalOf(ending, { endSessionEnabled: false, disableConversationReopen: false })).toBeNull();
  });

  it('E-14: ending is off until somebody turns it on', () => {
    expect(defaultSettings.endSessionEnabled).toBe(false);
    const all = { multiConvoEnabled: true, disableConversationReopen: true, endSessionEnabled: true };
    expect(refusalOf(defaultSettings, all)).toBeNull();
  });

  it('A-3 new apps let agents end', () => {
    expect(patchedSettings(defaultSettings, {}).agentsCanEnd).toBe(true);
  });

  it('A-3 apps that come from another system keep it off, unless they say otherwise', () => {
    expect(patchedSettings(migratedSettings, {})).toEqual({ ...defaultSettings, agentsCanEnd: false });
    expect(patchedSettings(migratedSettings, { agentsCanEnd: true }).agentsCanEnd).toBe(true);
  });

  it('A-5 legacy CSAT cannot be told of ends by agents, in both directions', () => {
    expect(refusalOf(defaultSettings, { csat: { mode: 'legacy', sendOn: ['agent_ended'] } })).toBe(
      'requires_customizable_csat',
    );
    const chosen = patchedSettings(defaultSettings, { csat: { sendOn: ['agent_ended'] } });
    expect(refusalOf(chosen, { csat: { mode: 'legacy' } })).toBe('requires_customizable_csat');
    const legacy = patchedSettings(defaultSettings, { csat: { mode: 'legacy' } });
    expect(refusalOf(legacy, { csat: { sendOn: ['ticket_solved', 'agent_ended'] } })).toBe(
      'requires_customizable_csat',
    );
    expect(refusalOf(legacy, { csat: { mode: 'customizable', sendOn: ['agent_ended'] } })).toBeNull();
  });

  it('a list of ends that nobody chose follows the mode of CSAT', () => {
    const legacy = patchedSettings(defaultSettings, { csat: { mode: 'legacy' } });
    expect(legacy.csat.sendOn).toEqual(['ticket_solved']);
    expect(patchedSettings(legacy, { csat: { mode: 'customizable' } }).csat).toEqual(defaultSettings.csat);
    const chosen = patchedSettings(defaultSettings, { csat: { sendOn: ['bot_ended'] } });
    expect(patchedSettings(chosen, { csat: { mode: 'legacy', waitSeconds: 60 } }).csat).toEqual({
      ...defaultSettings.csat,
      mode: 'legacy',
      sendOn: ['bot_ended'],
      waitSeconds: 60,
    });
  });

  it('multi-conversations stay on', () => {
    expect(refusalOf(multi, { multiConvoEnabled: false })).toBe('bad_request');
    expect(refusalOf(multi, { multiConvoEnabled: true })).toBeNull();
  });

  it('what is not named keeps its value, onEnd too', () => {
    const once = patchedSettings(ending, { onEnd: { endUser: 'pass:survey' }, agentsCanEnd: false });
    const twice = patchedSettings(once, { onEnd: { bot: 'pass:desk' } });
    expect(twice).toEqual({
      ...ending,
      agentsCanEnd: false,
      onEnd: { endUser: 'pass:survey', agent: 'release', bot: 'pass:desk', system: 'release' },
    });
  });

  it('no sequence of saves leads to a state that a save would refuse', () => {
    const flag = fc.boolean();
    const patches = fc.record(
      { multiConvoEnabled: flag, endSessionEnabled: flag, disableConversationReopen: flag },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(patches), (saves) => {
        let settings = defaultSettings;
        for (const save of saves) {
          if (refusalOf(settings, save) === null) settings = patchedSettings(settings, save);
          const { multiConvoEnabled, endSessionEnabled, disableConversationReopen } = settings;
          expect(!endSessionEnabled || (multiConvoEnabled && disableConversationReopen)).toBe(true);
          expect(!disableConversationReopen || multiConvoEnabled).toBe(true);
        }
      }),
    );
  });
});
