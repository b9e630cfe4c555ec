import { Readable } from 'node:stream';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppId } from '../kernel/index.js';
import { pageOf, paged, type Query as QueryString, TakesQuery } from '../platform/http/index.js';
import { Allow, AppIdOf, Grants, Roles } from '../tenancy/index.js';
import { AuditExport } from './audit-export.js';
import { AuditQuery } from './audit.query.js';
import { AUDIT_FILTERS, auditFilter, startOf } from './audit-filter.js';
import { AuditVerification } from './audit-verification.js';
import { entryView, verificationView } from './views.js';

/** How many entries one request for a verification walks: a second or so. */
const MOST_WALKED = 10_000;

/** The audit log of an app (`session-rows.md` E-16, A-8): read, never written, by this API. */
@Allow('account', 'app', 'agent')
@Grants('audit:read')
@Roles('admin')
@Controller('v2/apps/:appId/audit')
export class AuditController {
  constructor(
    private readonly log: AuditQuery,
    private readonly verification: AuditVerification,
    private readonly exports: AuditExport,
  ) {}

  /**
   * The newest page first, each in order of number. `filter[action]`, `filter[actor]` (a key's or an agent's id),
   * `filter[subject]`, `filter[from]` (inclusive) and `filter[until]` (exclusive).
   */
  @Get()
  @TakesQuery({ filter: AUDIT_FILTERS, page: true })
  async list(@AppIdOf() appId: AppId, @Query() query: QueryString, @Req() request: FastifyRequest): Promise<object> {
    const filter = auditFilter(query);
    const page = pageOf(query, { from: 'end' });
    const found = (await this.log.page(appId, filter, page)).map(entryView);
    const { items: entries, ...rest } = paged(request, page, found);
    return { entries, ...rest };
  }

  /** The same as JSON lines, oldest first, all of them. */
  @Get('export')
  @TakesQuery({ filter: AUDIT_FILTERS })
  export(@AppIdOf() appId: AppId, @Query() query: QueryString, @Res() reply: FastifyReply): void {
    const lines = this.exports.lines(appId, auditFilter(query));
    void reply
      .headers({
        'content-type': 'application/x-ndjson; charset=utf-8',
        'content-disposition': `attachment; filename="audit-${appId}.jsonl"`,
      })
      .send(Readable.from(lines, { objectMode: false }));
  }

  /**
   * Walks at most 10,000 entries behind `after` (default 0, the beginning); `hash`, in hex, is what the caller knows of
   * that entry. Asked again with the `next` of the answer until `complete` or `broken`.
   */
  @Get('verify')
  @TakesQuery({ words: ['after', 'hash'] })
  async verify(@AppIdOf() appId: AppId, @Query() query: QueryString): Promise<object> {
    const from = startOf(query);
    const known = from.hash === null ? await this.verification.linkAt(appId, from.number) : null;
    const hash = from.hash ?? known?.hash ?? Buffer.alloc(0);
    const walked = await this.verification.walk(appId, { number: from.number, hash }, MOST_WALKED);
    return { verification: verificationView(from.number, walked) };
  }
}
