import { createHash } from 'node:crypto';
import { agentExamples } from './event-examples/agent.spec-kit.js';
import { conversationExamples } from './event-examples/conversation.spec-kit.js';
import { controlExamples } from './event-examples/control.spec-kit.js';
import { at, type ExamplesOf } from './event-examples/given.spec-kit.js';
import { sessionExamples } from './event-examples/session.spec-kit.js';
import { streamExamples } from './event-examples/stream.spec-kit.js';
import { surveyExamples } from './event-examples/survey.spec-kit.js';
import { workExamples } from './event-examples/work.spec-kit.js';
import { addressIn, type EventName, type SwitchboardEvent, type SwitchboardEvents } from './index.js';

/** All events: one without its two examples does not compile. The AsyncAPI document shows them, tests replay them. */
const examples: ExamplesOf<string> = {
  ...conversationExamples,
  ...controlExamples,
  ...sessionExamples,
  ...workExamples,
  ...surveyExamples,
  ...agentExamples,
  ...streamExamples,
};

export const eventNames = Object.keys(examples) as readonly EventName[];

let made = 0;

/** An event as it is published; the id is fresh unless given. */
export function example<N extends EventName>(
  name: N,
  change: Partial<SwitchboardEvents[N]> = {},
  id?: string,
): SwitchboardEvent<N> {
  const own = { ...examples[name][0], ...change } as SwitchboardEvents[N];
  return published(name, own, id ?? idOf(`made ${++made}`));
}

/** The two examples of an event as they are published; always the same. */
export function bothExamples<N extends EventName>(name: N): readonly SwitchboardEvent<N>[] {
  return examples[name].map((data, place) => published(name, data, idOf(`${name} ${place}`)));
}

const idOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

function published<N extends EventName>(name: N, data: SwitchboardEvents[N], id: string): SwitchboardEvent<N> {
  return {
    specversion: '1.0',
    id,
    source: 'appId' in data ? `/apps/${data.appId}` : `/streams/${data.stream}`,
    type: `switchboard.v1.${name}`,
    subject: 'appId' in data ? addressIn(data)[1] : data.stream,
    time: at,
    datacontenttype: 'application/json',
    data,
  } as unknown as SwitchboardEvent<N>;
}
