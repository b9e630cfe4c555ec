import type { Millis } from '../../../kernel/index.js';
import type { SwitchboardIntegration } from '../world.js';
import type { Draft } from './drafting.js';

/** Until when whoever gives control away now, by its own hand, may still speak; `null`: not at all (ADR 0041). */
export function partingUntil({ world }: Draft): Millis | null {
  const seconds = world.switchboard?.partingSeconds ?? 0;
  return seconds === 0 ? null : world.now + seconds * 1000;
}

/**
 * Is this the word that the sender was about to say as it handed over? Not once the new holder has spoken (which ends
 * the parting) or control, or the agent who has it, is another than the one it handed over to.
 */
export function isParting({ state, world }: Draft, sender: SwitchboardIntegration | null): boolean {
  const { parting, controlEpoch } = state;
  if (sender === null || parting === null || parting.id !== sender.id) return false;
  return parting.controlEpoch === controlEpoch && world.now < parting.until;
}
