import { Injectable } from '@nestjs/common';
import type { AppId } from '../kernel/index.js';
import { inApps } from '../platform/postgres/index.js';
import { ReadTurns } from '../tenancy/index.js';
import { AuditQuery, type AuditFilter } from './audit.query.js';
import type { ChainedEntry } from './chain.js';
import { entryView } from './views.js';

const PIECE = 500;

/** A log as JSON lines, oldest first. Read as fast as it is taken: a million entries cost no memory. */
@Injectable()
export class AuditExport {
  constructor(
    private readonly log: AuditQuery,
    private readonly turns: ReadTurns,
  ) {}

  /** Many lines at once, each ended. Whole, without a filter, they can be checked by anybody (`docs/audit.md`). */
  async *lines(appId: AppId, filter: Partial<AuditFilter> = {}): AsyncGenerator<string> {
    const wanted = { action: null, actor: null, subject: null, from: null, until: null, ...filter };
    for (let cursor: string | null = null; ;) {
      const slice = { cursor, direction: 'forward', limit: PIECE } as const;
      const entries: readonly ChainedEntry[] = await inApps([appId], () =>
        this.turns.piece(appId, () => this.log.page(appId, wanted, slice)),
      );
      if (entries.length > 0) yield entries.map((entry) => `${JSON.stringify(entryView(entry))}\n`).join('');
      cursor = entries.at(-1)?.id ?? null;
      if (entries.length < PIECE) return;
    }
  }
}
