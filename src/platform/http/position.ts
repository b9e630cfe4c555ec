import type { FastifyReply } from 'fastify';

/**
 * Tells where a conversation stands on answers whose body must stay `{}`: the last `seq` and the `controlEpoch` after
 * the command, as `switchboard-seq` and `switchboard-control-epoch`.
 */
export function tellPosition(reply: FastifyReply, at: { readonly seq: number; readonly controlEpoch: number }): void {
  void reply.header('switchboard-seq', String(at.seq)).header('switchboard-control-epoch', String(at.controlEpoch));
}
