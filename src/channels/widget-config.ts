import type { AppConfiguration } from '../configuration/index.js';
import type { ChannelKind, Session } from '../conversation/core/index.js';

/** What the web widget offers, for an app as it is set up now. */
export interface WidgetConfig {
  readonly multiConvoEnabled: boolean;
  /** The button that ends a session; `null`: there is none (E-14, E-17). */
  readonly endSession: EndSessionButton | null;
  /** Channels in which the end user may go on. None while end users can end sessions (E-6). */
  readonly continueIn: readonly { readonly channelId: string; readonly kind: ChannelKind }[];
}

export interface EndSessionButton {
  /** E-18. */
  readonly placement: 'header';
  /** In which states of the session it is there; `GET conversations/{id}/actions` tells it of one. */
  readonly states: readonly Session['status'][];
  /** Where the dialogue is, and that an end without `confirmed` is refused (E-19). */
  readonly confirmation: { readonly placement: 'bottom'; readonly required: true };
}

const STATES = ['ACTIVE', 'WAITING', 'INACTIVE'] as const;

/** Channels of other companies, where a person has an address of their own. */
const SOCIAL: readonly ChannelKind[] = ['whatsapp', 'apple', 'line', 'facebook', 'sms'];

type Setup = Pick<AppConfiguration, 'settings' | 'defaultChannel' | 'channels'>;

/** Calls of the widget are on the app's default channel (`docs/rules.md` 2.2a). */
export function widgetConfig(setup: Setup): WidgetConfig {
  return {
    multiConvoEnabled: setup.settings.multiConvoEnabled,
    endSession: endUserCanEnd(setup)
      ? { placement: 'header', states: STATES, confirmation: { placement: 'bottom', required: true } }
      : null,
    continueIn: continuation(setup),
  };
}

/** A conversation that its end user can end goes on nowhere else (E-6). */
export function continuation(setup: Setup): WidgetConfig['continueIn'] {
  if (endUserCanEnd(setup)) return [];
  return [...setup.channels.values()].flatMap(({ id, kind }) =>
    id !== null && SOCIAL.includes(kind) ? [{ channelId: id, kind }] : [],
  );
}

export const endUserCanEnd = ({ settings, defaultChannel }: Setup): boolean =>
  settings.endSessionEnabled && defaultChannel.can.endUserEnd;
