/** What agents and end users are told that they may do. */
import { watchedBy } from './guard.mjs';

const allowed = watchedBy('src/conversation/core/allowed.spec.ts', 'src/conversation/core');
const config = watchedBy('src/channels/widget-config.spec.ts', 'src/channels');
const widget = watchedBy('test/integration/routing/widget.spec.ts', 'src');
const shown = "return isAllowed(state, end, world) ? [{ name: 'end'";

export const told = [
  allowed('I-6', 'the trial', 'allowed.ts', 'command !== null && isAllowed(state, command, world)', 'command !== null'),
  allowed('I-6', 'its place in the menu', 'allowed.ts', "'Customer Inactive', 'end')", "'Customer Inactive')"),
  allowed('E-18', 'the trial', 'allowed.ts', shown, "return world ? [{ name: 'end'"),
  config('E-6', 'that it goes on nowhere else', 'widget-config.ts', 'if (endUserCanEnd(setup)) return [];', ''),
  config('E-17', 'the setting', 'widget-config.ts', 'settings.endSessionEnabled && defaultChannel', 'defaultChannel'),
  widget(
    'E-19',
    'the confirmation',
    'conversation/client/client.caller.ts',
    'if (confirmed === true) return;',
    'if (confirmed !== null) return;',
  ),
  widget(
    'E-6',
    'the refusal of links',
    'channels/link-requests.service.ts',
    'if (endUserCanEnd(setup)) throw',
    'if (!setup) throw',
  ),
];
