import { describe, expect, it } from '@jest/globals';
import type { WebhookId } from '../../kernel/index.js';
import { EndpointGate } from './endpoint-gate.js';
import { Lane } from './lane.js';
import { RestingRoom } from './resting-room.js';

const lane = (n: number): Lane => new Lane({ partition: 0, webhookId: 'w' as WebhookId, lane: `${n}` });

/** A gate with so many lanes that want a turn, and so many that wait for their next attempt. */
function gateOf(wanting: number, resting: number): { readonly gate: EndpointGate; readonly lanes: readonly Lane[] } {
  const gate = new EndpointGate(16, new RestingRoom());
  const lanes = Array.from({ length: wanting + resting }, (_, n) => lane(n));
  lanes.forEach(() => gate.admit());
  for (const one of lanes.slice(wanting)) gate.rest(one, () => undefined);
  return { gate, lanes };
}

describe('what is kept of a webhook in memory', () => {
  it('is two thousand lanes that want a turn, beside those that wait for their next attempt', () => {
    expect(gateOf(1_999, 5_000).gate.hasRoom).toBe(true);
    expect(gateOf(2_000, 0).gate.hasRoom).toBe(false);
  });

  it('is twenty thousand that wait; the next one has no room until one wants its turn or goes', () => {
    const { gate, lanes } = gateOf(0, 20_000);
    const rests = (one: Lane): boolean => gate.rest(one, () => undefined);
    expect(rests(lane(20_000))).toBe(false);
    gate.enqueue(lanes[0]!);
    expect(rests(lanes[0]!)).toBe(true);
    expect(rests(lane(20_000))).toBe(false);
    gate.dismiss(lanes[1]!);
    expect(rests(lane(20_000))).toBe(true);
  });

  it('is nothing once every lane went, whether it waited or wanted a turn', () => {
    const { gate, lanes } = gateOf(3, 3);
    for (const one of lanes) gate.dismiss(one);
    expect([gate.isIdle, gate.hasRoom]).toEqual([true, true]);
  });
});
