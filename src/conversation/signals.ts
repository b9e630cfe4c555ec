import type { AppConfiguration } from '../configuration/index.js';
import type { AppId, ConversationId, Millis } from '../kernel/index.js';
import type { ConversationState } from './core/index.js';
import type { ConversationProfile, UserSnapshot } from './recorded.js';

/**
 * In-process signals over the event emitter: somebody types, somebody read. They are gone when nobody listens, so they
 * carry nothing that anybody may rely on; everything else that happened is a `Recorded` event.
 */
export const TYPING = 'conversation.typing';
export const READ = 'conversation.read';

export interface ActivitySignal {
  readonly appId: AppId;
  readonly conversationId: ConversationId;
  readonly configuration: AppConfiguration;
  readonly profile: ConversationProfile;
  readonly state: Pick<ConversationState, 'control' | 'seq' | 'controlEpoch'>;
  readonly at: Millis;
  readonly activity: {
    /** `conversation:read`, `typing:start` or `typing:stop` (`docs/wire.md` 9). */
    readonly type: 'conversation:read' | 'typing:start' | 'typing:stop';
    readonly author: Readonly<Record<string, unknown>> & { readonly type: 'user' | 'business' };
    readonly source: Readonly<Record<string, unknown>> & { readonly type: string };
  };
  /** The author when it is an end user. */
  readonly user: UserSnapshot | null;
}
