import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { actorOf } from '../conversation/index.js';
import { Failure, type AppId } from '../kernel/index.js';
import type { IdempotencyKey } from '../ledger/index.js';
import { filterOf } from '../platform/http/index.js';
import { READERS, readerOf, Reading, type ReadingCaller } from '../reading/index.js';
import { Allow, AppIdOf, Caller, Idempotency, type KeyPrincipal } from '../tenancy/index.js';
import { CreateUserDto, UpdateUserDto } from './user.dto.js';
import { UsersService } from './users.service.js';

/** End users, by our id or by the business' own (`docs/wire.md` 6.5). */
@Allow('account', 'app', 'integration')
@Controller('v2/apps/:appId/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly reading: Reading,
  ) {}

  @Post()
  async create(
    @AppIdOf() appId: AppId,
    @Body() body: CreateUserDto,
    @Idempotency() idempotency: IdempotencyKey | null,
  ): Promise<object> {
    return { user: await this.users.create(appId, body, idempotency) };
  }

  @Get()
  @Allow(...READERS)
  async list(
    @AppIdOf() appId: AppId,
    @Query() query: Record<string, unknown>,
    @Caller() caller: ReadingCaller,
  ): Promise<object> {
    refuseBrand(query);
    const email = filterOf(query, ['identities.email'])['identities.email'];
    if (email === undefined) throw new Failure('bad_request', 'filter[identities.email] is required');
    return { users: await this.users.withEmail(appId, email, readerOf(caller)) };
  }

  @Get(':user')
  @Allow(...READERS)
  async get(
    @AppIdOf() appId: AppId,
    @Param('user') named: string,
    @Query() query: Record<string, unknown>,
    @Caller() caller: ReadingCaller,
  ): Promise<object> {
    refuseBrand(query);
    const user = await this.users.get(appId, named);
    await this.reading.requireUser(appId, caller, user.id);
    return { user };
  }

  @Patch(':user')
  async patch(@AppIdOf() appId: AppId, @Param('user') user: string, @Body() body: UpdateUserDto): Promise<object> {
    return { user: await this.users.patch(appId, user, body) };
  }

  @Delete(':user')
  @HttpCode(200)
  async remove(@AppIdOf() appId: AppId, @Param('user') user: string, @Caller() caller: KeyPrincipal): Promise<object> {
    await this.users.remove(appId, user, actorOf(caller));
    return {};
  }

  @Delete(':user/personalinformation')
  @HttpCode(200)
  async erase(@AppIdOf() appId: AppId, @Param('user') user: string, @Caller() caller: KeyPrincipal): Promise<object> {
    return { user: await this.users.erasePersonalInformation(appId, user, actorOf(caller)) };
  }
}

/** Asked for the user of a brand, the user of another one would be a wrong answer. */
function refuseBrand({ brandId }: Readonly<Record<string, unknown>>): void {
  if (brandId === undefined || brandId === '') return;
  throw new Failure('bad_request', 'brandId should be left out: users here belong to no brand');
}
