import { describe, expect, it } from '@jest/globals';
import { decidingSettings, type StoredSettings } from './app-settings.js';
import { capabilitiesOf, usualChannel, type Channel } from '../conversation/core/index.js';
import { warningsOf } from './warnings.js';

const rule = { warnSeconds: null, actSeconds: null, action: 'end' };
const told = (settings: Partial<StoredSettings>, channel: Partial<Channel> = {}): readonly string[] =>
  warningsOf(decidingSettings(settings), [{ ...usualChannel, ...channel }]);
const sms = { kind: 'sms', tier: 'standard', can: capabilitiesOf('sms', 'standard') } as const;

describe('saving settings', () => {
  it('warns of nothing by default', () => {
    expect(told({})).toEqual([]);
    expect(decidingSettings({}).agentLayout.sessionPanel).toBe(true);
  });

  it('tells where inactivate means end', () => {
    const idle = { customer: rule, agent: { ...rule, actSeconds: 300, action: 'inactivate' } };
    expect(told({ idle })).toEqual([]);
    expect(told({ idle }, sms)).toEqual([
      'idle.agent.action inactivate ends sessions of standard sms channels, which cannot be inactive',
    ]);
  });

  it('tells what a shorter time of the channel never lets come', () => {
    const idle = { customer: { ...rule, warnSeconds: 240, actSeconds: 400 }, agent: rule };
    expect(told({ idle }, { customerInactivitySeconds: 300 })).toEqual([
      'idle.customer.actSeconds never comes on enhanced web_widget channels: customerInactivitySeconds of the channel is over before it',
    ]);
  });

  it('tells which reminders come too late, each counted from the one before', () => {
    const reminder = { afterSeconds: 200, text: 'hello?', ticketStatus: null, ends: false };
    const idle = { customer: { ...rule, actSeconds: 400 }, agent: rule };
    expect(told({ idle, reminders: [reminder, reminder] })).toEqual([
      'reminder 2 never comes: idle.customer.actSeconds is over before it',
    ]);
    const inactivity = { customerInactivitySeconds: 300 };
    expect(told({ reminders: [reminder, reminder] }, inactivity)).toEqual([
      expect.stringContaining('reminder 2 never'),
    ]);
  });

  it('tells that a layout without the panel leaves chats to exceptions', () => {
    expect(told({ agentLayout: { sessionPanel: false, hideCustomerInactive: false } })).toHaveLength(1);
    expect(told({ chatEnabled: false, agentLayout: { sessionPanel: false, hideCustomerInactive: false } })).toEqual([]);
  });
});
