import { describe, expect, it } from '@jest/globals';
import { ben, by, mia } from './floor.spec-kit.js';
import { accepts, fires, handledBy, says, writes } from './told.spec-kit.js';

const idle = {
  customer: { warnSeconds: 120, actSeconds: 600, action: { do: 'end' } },
  agent: { warnSeconds: 120, actSeconds: 600, action: { do: 'reroute' } },
} as const;

const toBen = { type: 'transferSession', by: by(mia), to: { type: 'agent', agentId: ben } } as const;

describe('silence', () => {
  it("of the customer goes on when a colleague takes over; the agent's begins anew (docs/rules.md 5.2)", () => {
    const silent = handledBy(mia, { settings: { idle } }).given(says(by(mia)));
    const taken = silent.later(100).given(toBen, accepts(ben));
    expect([taken.owner, taken.dueIn('customerWarning'), taken.dueIn('agentWarning')]).toEqual([ben, 20, null]);

    const asked = taken.given(writes());
    expect([asked.dueIn('customerWarning'), asked.dueIn('agentWarning')]).toEqual([null, 120]);
    const handed = asked.later(100).given({ ...toBen, by: by(ben), to: { type: 'agent', agentId: mia } }, accepts(mia));
    expect([handed.owner, handed.dueIn('agentWarning')]).toEqual([mia, 120]);
  });

  it('of an agent who is not connected is none: the clock stands still until they are back (docs/rules.md 5.2)', () => {
    const asked = handledBy(mia, { settings: { idle } }).given(writes());
    const agent = asked.world.agents.get(mia);
    if (!agent) throw new Error('nobody is there');
    const presence = { ...agent.presence, graceUntil: asked.world.now + 3_600_000 };
    const away = asked.later(700).in({ agents: [{ ...agent, presence }] });
    expect(away.when(fires('agentIdle')).status).toBe('ACTIVE');

    const back = { ...agent.presence, since: away.world.now };
    const again = away.in({ agents: [{ ...agent, presence: back }] });
    expect([again.dueIn('agentWarning'), again.dueIn('agentIdle')]).toEqual([120, 600]);
    expect(again.later(600).when(fires('agentIdle')).status).toBe('WAITING');
  });
});
