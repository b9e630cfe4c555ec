/** What a bot process is told once, after its webhook exists. */
export interface BotSettings {
  readonly url: string;
  readonly appId: string;
  readonly key: { readonly id: string; readonly secret: string };
  readonly webhookSecret: string;
}

/** What a bot process reports, as it happens. */
export type BotReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'event';
      readonly conversationId: string;
      readonly type: string;
      readonly seq: number;
      readonly epoch: number;
    }
  | {
      readonly kind: 'call';
      readonly conversationId: string;
      readonly what: string;
      readonly status: number;
      readonly code: string | null;
    }
  | { readonly kind: 'error'; readonly message: string };
