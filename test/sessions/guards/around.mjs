/** What other rooms add to an end: surveys and the audit log. */
import { watchedBy } from './guard.mjs';

const eligible = watchedBy('src/conversation/core/csat.spec.ts', 'src/conversation/core');
const survey = watchedBy('src/conversation/core/decide/survey.spec.ts', 'src/conversation/core');
const settings = watchedBy('src/tenancy/apps/settings.spec.ts', 'src');
const audit = watchedBy('test/integration/audit/audit.spec.ts', 'src');
const channels = watchedBy('test/integration/routing/queues.spec.ts', 'src');
const routing = watchedBy('src/routing/core/candidates.spec.ts', 'src/routing/core');
const policy = watchedBy('src/tenancy/apps/session-settings.spec.ts', 'src');
const webhooks = watchedBy('src/webhooks/rendering/recipients.spec.ts', 'src/webhooks/rendering');
const log = [
  'configuration/configuration.change.ts',
  'await this.log.write(tx, {',
  'if (!this) await this.log.write(tx, {',
];
const legacy = "if (mode === 'legacy' && end.endedBy === 'end_user') return 'legacy_end_user_ended';";
const whichEnds = "if (!surveyed.includes(`${end.endedBy}_ended`)) return 'not_in_send_on';";

export const around = [
  eligible('E-7', 'the mode, at the source', 'csat.ts', legacy, ''),
  eligible('A-4', 'which ends are surveyed', 'csat.ts', whichEnds, ''),
  eligible('A-4', 'never twice', 'csat.ts', 'ASKED_LATER.has(suppressedBecause)', 'sendOn.length > 0'),
  survey(
    'A-4',
    'once per session',
    'decide/survey.ts',
    'some((asked) => asked.sessionId === sessionId)',
    'some((asked) => asked.surveyId === surveyId)',
  ),
  settings(
    'A-5',
    'the check at save',
    'tenancy/apps/settings.ts',
    "if (next.csat.mode === 'legacy' && next.csat.sendOn.includes('agent_ended'))",
    'if (!next)',
  ),
  channels(
    'I-11',
    'the capability',
    'channels/channel.rules.ts',
    'if (channel.customerInactivitySeconds !== null && !capabilitiesOf(kind, tier).inactivityTimeout)',
    'if (!channel)',
  ),
  audit('E-16', 'the log', ...log),
  audit('A-8', 'the log', ...log),
  webhooks(
    'E-9',
    'that the former holder is told',
    'moments.ts',
    '[settled.before.control, before.control, recorded.after.control, settled.after.control]',
    '[shown.control]',
  ),
  webhooks(
    'E-9',
    'that they hear no more',
    'recipients.ts',
    'deliverStandbyEvents || positions.some(',
    'deliverStandbyEvents || !positions.some(',
  ),
  routing('K-3', 'room', 'candidates.ts', ' && canTake(agent, work.load)', ''),
  routing('K-8', 'room', 'candidates.ts', ' && canTake(agent, work.load)', ''),
  routing(
    'I-7',
    'the order of the queue',
    'candidates.ts',
    'id === work.preferred ? 0 : 1',
    'id === work.lastAgent ? 0 : 1',
  ),
  routing('T12', 'who said no', 'candidates.ts', 'fresh.length > 0 ? fresh : able', 'able'),
  routing('T11', 'room', 'candidates.ts', '-roomOf(agent, work.load)', 'roomOf(agent, work.load)'),
  routing(
    'M-11',
    'their place in line',
    'waiting.ts',
    '|| one.requestedAt - other.requestedAt ||',
    '|| other.requestedAt - one.requestedAt ||',
  ),
  eligible('A-5', 'which ends are surveyed', 'csat.ts', whichEnds, ''),
  policy(
    'L-3',
    'what the policy stands for',
    'tenancy/apps/session-settings.ts',
    'const named = conversationPolicy === undefined ? reopenWithinSeconds : WITHIN[conversationPolicy];',
    'const named = reopenWithinSeconds;',
  ),
];
