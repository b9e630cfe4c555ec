import * as fc from 'fast-check';
import type { OnEnd, Settings, Switchboard, SwitchboardIntegration } from './index.js';
import { board, cast, desk, faq, usual } from './story.spec-kit.js';

/** Settings and switchboards as random lives meet them. */

const onEnd = fc.constantFrom<OnEnd>(
  { mode: 'release' },
  { mode: 'pass', to: 'survey' },
  { mode: 'pass', to: 'nobody' },
);
export const settings: fc.Arbitrary<Partial<Settings>> = fc.record({
  multiConvoEnabled: fc.boolean(),
  endSessionEnabled: fc.boolean(),
  // Nothing much happens any more in a conversation that is closed.
  disableConversationReopen: fc.constantFrom(false, false, false, true),
  agentsCanEnd: fc.boolean(),
  onEnd: fc.record({ end_user: onEnd, agent: onEnd, bot: onEnd, system: onEnd }),
  endingMaxSeconds: fc.constantFrom(0, 30, usual.endingMaxSeconds),
});

/** Whoever is not on the switchboard any more was on it once; the stranger never was. */
const gone = (there: readonly SwitchboardIntegration[]): Switchboard['former'] =>
  cast.filter((one) => !there.includes(one)).map(({ integrationId }) => integrationId);

/** Enabled and whole most of the time, so that stories get somewhere; integrations come and go. */
export const switchboard: fc.Arbitrary<Switchboard | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 19,
    arbitrary: fc
      .record({
        enabled: fc.constantFrom(...Array<boolean>(9).fill(true), false),
        defaultId: fc.constantFrom(faq.id, faq.id, desk.id, null),
        enforcement: fc.constantFrom('strict' as const, 'strict' as const, 'warn' as const, 'off' as const),
        offerExpirySeconds: fc.constantFrom(null, 20),
        integrations: fc.oneof(fc.constant(cast), fc.constant(cast), fc.subarray([...cast])),
        partingSeconds: fc.constantFrom(0, 10, 10),
        outsiders: fc.constantFrom('allow' as const, 'allow' as const, 'refuse' as const),
        handOffLimit: fc.constantFrom(0, 0, 2, 20),
      })
      .map((chosen) => board({ ...chosen, former: gone(chosen.integrations) })),
  },
);
