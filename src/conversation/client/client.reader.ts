import { Injectable } from '@nestjs/common';
import { ConfigurationStore, type AppConfiguration } from '../../configuration/index.js';
import type { AppId } from '../../kernel/index.js';
import type { Slice } from '../../platform/http/index.js';
import type { UserPrincipal } from '../../tenancy/index.js';
import { endUserActions } from '../core/index.js';
import { ConversationsQuery, type ConversationRecord } from '../queries/conversations.query.js';
import { MessagesQuery } from '../queries/messages.query.js';
import { ParticipantsQuery } from '../queries/participants.query.js';
import { SurveyLinks } from '../surveys/survey-links.js';
import { conversationView, sessionView, type Standing } from '../views.js';
import { worldAt } from '../world-at.js';
import { ClientCaller } from './client.caller.js';
import {
  clientConversation,
  clientMessage,
  clientSession,
  openSurveys,
  type ClientMessageView,
} from './client.views.js';

/** What an end user reads of their conversations. */
@Injectable()
export class ClientReader {
  constructor(
    private readonly client: ClientCaller,
    private readonly conversations: ConversationsQuery,
    private readonly messages: MessagesQuery,
    private readonly participants: ParticipantsQuery,
    private readonly configurations: ConfigurationStore,
    private readonly links: SurveyLinks,
  ) {}

  async list(appId: AppId, caller: UserPrincipal, page: Slice): Promise<readonly { readonly id: string }[]> {
    const [user, configuration] = await Promise.all([
      this.client.known(appId, caller),
      this.configurations.current(appId),
    ]);
    if (user === null) return [];
    const [found, standing] = await Promise.all([
      this.conversations.ofUser(appId, user.id, page),
      this.conversations.standing(appId, user.id, configuration),
    ]);
    return found.map((record) => this.shown(record, configuration, standing));
  }

  /** Whether it is over, what is unread, what may be done, and what the widget has to know for it. */
  async one(appId: AppId, id: string, caller: UserPrincipal): Promise<object> {
    const [own, configuration] = await Promise.all([
      this.client.own(appId, id, caller),
      this.configurations.current(appId),
    ]);
    const [standing, unreadCount] = await Promise.all([
      this.conversations.standing(appId, own.userId, configuration),
      this.participants.unreadOf(own.id, own.userId),
    ]);
    const { multiConvoEnabled, endSessionEnabled, disableConversationReopen, reopenWithinSeconds } =
      configuration.settings;
    return {
      ...this.shown(own, configuration, standing),
      unreadCount,
      actions: endUserActions(own.state, worldAt(standing.now, own.state, configuration, new Map()), own.userId),
      settings: { multiConvoEnabled, endSessionEnabled, disableConversationReopen, reopenWithinSeconds },
    };
  }

  async messagesOf(
    appId: AppId,
    id: string,
    caller: UserPrincipal,
    page: Slice,
  ): Promise<readonly ClientMessageView[]> {
    const [own, { settings }] = await Promise.all([
      this.client.own(appId, id, caller),
      this.configurations.current(appId),
    ]);
    return (await this.messages.of(own.id, page)).map((message) => clientMessage(message, settings));
  }

  private shown({ id, profile, state }: ConversationRecord, configuration: AppConfiguration, standing: Standing) {
    const view = conversationView(id, profile, state, configuration, standing);
    const { session } = state;
    return {
      ...clientConversation(view, configuration.settings),
      ...(session && { session: clientSession(sessionView(id, null, session)) }),
      surveys: openSurveys(state, standing.now, (surveyId, until) => this.links.urlOf(surveyId, until)),
    };
  }
}
