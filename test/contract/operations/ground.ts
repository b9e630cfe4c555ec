import { SignJWT } from 'jose';
import type { Bot, Contract, Loose } from '../kit.js';

/** The external id of the end user of the ground. */
export const ANN = 'operations';

/** What the story leaves behind for whoever asks what is missing. */
export interface Ground {
  readonly contract: Contract;
  readonly conversationId: string;
  readonly userId: string;
  /** Hears everything, with all that can be asked for. */
  readonly listener: Bot;
}

interface Answered {
  readonly status: number;
  readonly body: Loose;
}

/** A message of the business, with these fields. */
export const posts = ({ contract, conversationId }: Ground, fields: object): Promise<Answered> =>
  contract.raw('POST', `/conversations/${conversationId}/messages`, {
    author: { type: 'business' },
    content: { type: 'text', text: 'words' },
    ...fields,
  });

/** The end user's side of the conversation: reads its messages, or posts one. */
export async function widget({ contract, conversationId }: Ground, content?: object): Promise<Answered> {
  const { appKey, appId, url } = contract;
  const token = await new SignJWT({ scope: 'user', external_id: ANN })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: appKey.id })
    .sign(Buffer.from(appKey.secret));
  const response = await fetch(`${url}/client/v1/apps/${appId}/conversations/${conversationId}/messages`, {
    method: content === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(content && { body: JSON.stringify({ content }) }),
  });
  return { status: response.status, body: await response.json() };
}

/** The event by which the listener hears of what the end user says now. */
export async function heard(ground: Ground, text: string): Promise<Loose> {
  const { body } = await widget(ground, { type: 'text', text });
  const [{ id }] = body.messages;
  return ground.listener.event(ground.conversationId, 'conversation:message', ({ message }) => message.id === id);
}
