import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, Errand, SettledAnswer } from '../../../src/conversation/index.js';
import type { ConversationId } from '../../../src/kernel/index.js';
import type { IdempotencyKey } from '../../../src/ledger/index.js';
import { businessText, startStage, type Stage } from '../../support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage?.close());

const conversation = async (): Promise<ConversationId> => stage.open(await stage.user());

const errand = (
  conversationId: ConversationId,
  by: Actor,
  idempotency: IdempotencyKey | null = null,
): Errand & { conversationId: ConversationId } => ({ appId: stage.appId, conversationId, by, idempotency });

const send = (id: ConversationId, by: Actor, words = 'me too', epoch: number | null = null) =>
  stage.commands.send(errand(id, by), epoch, businessText(words));

const pass = (id: ConversationId, target: string) =>
  stage.commands.run(errand(id, stage.app), {
    type: 'passControl',
    by: stage.app,
    target,
    metadata: null,
    reason: null,
  });

const said = ({ decision }: SettledAnswer): string => (decision.ok ? 'ok' : decision.refusal.reason);

async function refusalsOf(id: ConversationId): Promise<{ readonly lines: number; readonly transactions: number }> {
  const { rows } = await stage.sql.query(
    `SELECT count(*)::int AS lines, count(DISTINCT xmin::text)::int AS transactions FROM refusal WHERE conversation_id = $1`,
    [id],
  );
  return rows[0];
}

describe('refusals of one caller in one conversation', () => {
  it('are decided together, each with its answer and its line in the timeline', async () => {
    const id = await conversation();
    const answers = await Promise.all(Array.from({ length: 30 }, () => send(id, stage.desk.by)));
    expect(new Set(answers.map(said))).toEqual(new Set(['notInControl']));
    expect(await refusalsOf(id)).toEqual({ lines: 30, transactions: 1 });
  });

  it('keep the timeline to its bound, however many come at once', async () => {
    const id = await conversation();
    for (let round = 0; round < 8; round++)
      await Promise.all(Array.from({ length: 30 }, () => send(id, stage.desk.by)));
    expect((await refusalsOf(id)).lines).toBe(200);
  });

  it('are not given to what another caller sends', async () => {
    const id = await conversation();
    const answers = await Promise.all([stage.desk, stage.desk, stage.bot, stage.desk].map(({ by }) => send(id, by)));
    expect(answers.map(said)).toEqual(['notInControl', 'notInControl', 'ok', 'notInControl']);
  });

  it('end where the caller is let in: what was sent behind an accepted offer is said', async () => {
    const id = await conversation();
    const offer = {
      type: 'offerControl',
      by: stage.app,
      target: 'desk',
      metadata: null,
      expiresInSeconds: null,
    } as const;
    await stage.commands.run(errand(id, stage.app), offer);
    const { by } = stage.desk;
    const answers = await Promise.all([
      send(id, by),
      send(id, by),
      stage.commands.run(errand(id, by), { type: 'acceptControl', by, metadata: null }),
      send(id, by),
    ]);
    expect(answers.map(said)).toEqual(['notInControl', 'notInControl', 'ok', 'ok']);
  });

  it('are shared by the same epoch alone', async () => {
    const id = await conversation();
    const { by } = stage.bot;
    const answers = await Promise.all([send(id, by, 'a', 7), send(id, by, 'b', 7), send(id, by, 'c', 1), send(id, by)]);
    expect(answers.map(said)).toEqual(['staleControlEpoch', 'staleControlEpoch', 'ok', 'ok']);
  });

  it('are stored under the idempotency key of each and given again', async () => {
    const id = await conversation();
    const key = { key: sha256(`key of ${id}`), fingerprint: sha256('body') };
    const keyed = (idempotency: IdempotencyKey) =>
      stage.commands.send(errand(id, stage.desk.by, idempotency), null, businessText('keyed'));
    const answers = await Promise.all([send(id, stage.desk.by), keyed(key), send(id, stage.desk.by)]);
    expect(answers.map(said)).toEqual(['notInControl', 'notInControl', 'notInControl']);
    await pass(id, 'desk');
    expect(said(await keyed(key))).toBe('notInControl');
    await expect(keyed({ ...key, fingerprint: sha256('other') })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('never outlive the moment: once control was passed, in whichever process, the new holder is heard', async () => {
    const other = stage.replica();
    const { by } = stage.desk;
    for (let round = 0; round < 20; round++) {
      const id = await conversation();
      const flood = Array.from({ length: 25 }, () => send(id, by));
      await other.run(errand(id, stage.app), {
        type: 'passControl',
        by: stage.app,
        target: 'desk',
        metadata: null,
        reason: null,
      });
      expect(said(await send(id, by, 'mine now'))).toBe('ok');
      await Promise.all(flood);
    }
  });
});

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
