import { assertNever, type Millis } from '../../kernel/index.js';
import type { Agent } from './agent.js';
import { finish } from './change.js';
import type { AgentCommand, AgentOutcome } from './commands.js';
import type { CapacityCause } from './events.js';
import {
  goneOrKnown,
  graceOver,
  login,
  logout,
  loseConnection,
  regainConnection,
  setStatus,
  type Outcome,
} from './presence.js';
import { afterWorkOver, closeTab, extendAfterWork, finishAfterWork, saveNotes, setTicket } from './tabs.js';

/** Decides what an agent does alone. `now` is the clock of the database, read under the agent's lock. */
export function decideAgent(agent: Agent, command: AgentCommand, now: Millis): AgentOutcome {
  const outcome = outcomeOf(agent, command, now);
  if ('reason' in outcome) return { agent, events: [], refusal: outcome, departures: [] };
  return { ...finish(outcome.change, causeOf(command)), refusal: null, departures: outcome.departures };
}

function outcomeOf(agent: Agent, command: AgentCommand, now: Millis): Outcome {
  switch (command.type) {
    case 'login':
      return login(agent, command, now);
    case 'setStatus':
      return setStatus(agent, command, now);
    case 'logout':
      return logout(agent, command, now);
    case 'loseConnection':
      return loseConnection(agent, command, now);
    case 'regainConnection':
      return regainConnection(agent, command, now);
    case 'graceOver':
      return graceOver(agent, command, now);
    case 'closeWorkItem':
      return closeTab(agent, command);
    case 'saveNotes':
      return saveNotes(agent, command);
    case 'setTicket':
      return setTicket(agent, command);
    case 'extendAfterWork':
      return extendAfterWork(agent, command);
    case 'finishAfterWork':
      return finishAfterWork(agent, command);
    case 'afterWorkOver':
      return afterWorkOver(agent, command, now);
    case 'setProfile':
      return goneOrKnown(agent, command, now);
    default:
      return assertNever(command);
  }
}

function causeOf({ type }: AgentCommand): CapacityCause {
  switch (type) {
    case 'closeWorkItem':
      return 'tab_closed';
    case 'setTicket':
      return 'ticketed';
    case 'extendAfterWork':
    case 'finishAfterWork':
    case 'afterWorkOver':
      return 'after_work';
    case 'setProfile':
      return 'profile';
    default:
      return 'presence';
  }
}
