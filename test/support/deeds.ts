import type { ConversationCommands, Errand } from '../../src/conversation/index.js';
import type { ConversationId, UserId } from '../../src/kernel/index.js';
import { businessText, userText, type Stage } from './stage.js';

/** Every kind of thing that can be done to a conversation, for runs that want all of them. */
export type Deed = (typeof DEEDS)[number];

const control = { metadata: null, reason: null } as const;

export const DEEDS = [
  'userWrites',
  'botWrites',
  'deskWrites',
  'appWrites',
  'userReads',
  'businessReads',
  'botPasses',
  'appPassesNext',
  'botOffers',
  'botOffersBriefly',
  'deskAccepts',
  'deskDeclines',
  'holderReleases',
  'offerExpires',
  'userEnds',
  'deskEnds',
  'appEnds',
  'endingExpires',
  'details',
  'messagesRemoved',
] as const;

/** Does it; whether it was granted or refused is part of the story. */
export async function perform(deed: Deed, stage: Stage, conversationId: ConversationId, userId: UserId): Promise<void> {
  const { commands, app, bot, desk } = stage;
  const user = { type: 'user', userId } as const;
  const system = { type: 'system' } as const;
  const as = (by: Errand['by']): Errand => ({ appId: stage.appId, conversationId, by, idempotency: null });
  const run = (by: Errand['by'], command: Parameters<ConversationCommands['run']>[1]) => commands.run(as(by), command);
  switch (deed) {
    case 'userWrites':
      return void (await commands.receive(as(user), userId, userText(userId)));
    case 'botWrites':
      return void (await commands.send(as(bot.by), null, businessText('bot')));
    case 'deskWrites':
      return void (await commands.send(as(desk.by), null, businessText('desk')));
    case 'appWrites':
      return void (await commands.send(as(app), 3, businessText('app')));
    case 'userReads':
      return void (await run(user, { type: 'recordRead', by: user, userId }));
    case 'businessReads':
      return void (await run(app, { type: 'recordRead', by: app, userId: null }));
    case 'botPasses':
      return void (await run(bot.by, { type: 'passControl', by: bot.by, target: 'desk', ...control }));
    case 'appPassesNext':
      return void (await run(app, { type: 'passControl', by: app, target: 'next', ...control }));
    case 'botOffers':
    case 'botOffersBriefly': {
      const expiresInSeconds = deed === 'botOffers' ? null : 60;
      return void (await run(bot.by, {
        type: 'offerControl',
        by: bot.by,
        target: 'desk',
        metadata: null,
        expiresInSeconds,
      }));
    }
    case 'deskAccepts':
      return void (await run(desk.by, { type: 'acceptControl', by: desk.by, metadata: null }));
    case 'deskDeclines':
      return void (await run(desk.by, { type: 'declineControl', by: desk.by, metadata: null }));
    case 'holderReleases':
      return void (await run(app, { type: 'releaseControl', by: app, ...control }));
    case 'offerExpires':
      return void (await run(system, { type: 'expireOffer', offerSeq: await offerSeq(stage, conversationId) }));
    case 'userEnds':
      return void (await commands.end(as(user), null, { via: 'widget' }));
    case 'deskEnds':
      return void (await commands.end(as(desk.by), null, { via: 'api' }));
    case 'appEnds':
      return void (await commands.end(as(app), null, { via: 'automation' }));
    case 'endingExpires':
      return void (await run(system, { type: 'expireEnding', sessionId: await sessionId(stage, conversationId) }));
    case 'details':
      return void (await commands.change(as(app), { displayName: 'Ana', metadata: { plan: 'gold' } }));
    case 'messagesRemoved':
      return void (await run(app, { type: 'removeMessages', by: app, messageId: null, count: 0 }));
  }
}

async function offerSeq({ sql }: Stage, id: ConversationId): Promise<number> {
  const { rows } = await sql.query(
    `SELECT state -> 'control' -> 'offer' ->> 'seq' AS it FROM conversation WHERE id = $1`,
    [id],
  );
  return Number(rows[0]?.it ?? 0);
}

async function sessionId({ sql }: Stage, id: ConversationId): Promise<string> {
  const { rows } = await sql.query(`SELECT state -> 'session' ->> 'id' AS it FROM conversation WHERE id = $1`, [id]);
  return String(rows[0]?.it ?? 'none');
}
