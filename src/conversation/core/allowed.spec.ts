import { describe, expect, it } from '@jest/globals';
import type { UserId, WorkItemId } from '../../kernel/index.js';
import { agentActions, endUserActions, type ConversationCommand } from './index.js';
import { agent, ann, app, ben, by, channel, humansFirst, mia, system } from './life/floor.spec-kit.js';
import { Told, writes } from './life/told.spec-kit.js';

const human = Told.of({ switchboard: humansFirst }).given(writes());
const offered = human.given({ type: 'offerWork', agentId: mia });
const active = offered.given(({ offer }) => ({
  type: 'acceptWork',
  by: by(mia),
  workItemId: offer?.workItemId as WorkItemId,
}));
const inactive = active.given({ type: 'inactivateSession', by: app });
const end: ConversationCommand = {
  type: 'requestEnd',
  by: system,
  via: 'automation',
  list: null,
  reason: null,
  actingFor: null,
};
const ended = active.given(end);
const ending = active
  .in({ settings: { onEnd: { ...active.world.settings.onEnd, system: { mode: 'pass', to: 'survey' } } } })
  .given(end);

const names = ({ state, world }: Told, who = mia): string[] =>
  agentActions(state, world, by(who)).map(({ name }) => name);
const button = ({ state, world }: Told) => endUserActions(state, world, ann.userId as UserId);

describe('what an agent may do', () => {
  it('I-6 Customer Inactive stands in the menu beside End Chat, while the session is active and no longer', () => {
    expect(agentActions(active.state, active.world, by(mia))).toEqual([
      { name: 'message', label: 'Send', menu: null },
      { name: 'end', label: 'End Chat', menu: null },
      { name: 'inactivate', label: 'Customer Inactive', menu: 'end' },
      { name: 'transfer', label: 'Transfer', menu: null },
    ]);
    for (const told of [human, offered, inactive, ending, ended]) expect(names(told)).not.toContain('inactivate');
    expect(names(active.in({ agents: [agent(mia, { hideCustomerInactive: true })] }))).not.toContain('inactivate');
    expect(names(active.in({ channel: channel('sms', 'standard') }))).not.toContain('inactivate');
  });

  it('says what the guards would, state by state', () => {
    expect(names(human)).toEqual([]);
    expect(names(offered)).toEqual(['accept', 'decline']);
    expect(names(offered, ben)).toEqual([]);
    expect(names(active, ben)).toEqual([]);
    expect(names(inactive)).toEqual([]);
    expect(names(ending)).toEqual([]);
    expect(names(ended)).toEqual([]);
    const supervisor = agent(ben, { may: { endAny: true } });
    expect(names(active.in({ agents: [supervisor] }), ben)).toEqual(['transfer', 'endInBulk']);
    expect(names(active.in({ settings: { agentsCanEnd: false } }))).toEqual(['message', 'inactivate', 'transfer']);
  });
});

describe('what an end user may do', () => {
  it('E-18 the button is in the header while the session is active, waits or is inactive', () => {
    const shown = [{ name: 'end', placement: 'header', confirmation: 'bottom' }];
    for (const told of [active, human, inactive]) expect(button(told)).toEqual(shown);
    for (const told of [ended, ending, Told.of()]) expect(button(told)).toEqual([]);
    expect(button(active.in({ settings: { endSessionEnabled: false } }))).toEqual([]);
    expect(button(active.in({ channel: channel('in_app') }))).toEqual([]);
  });
});
