import type { AppConfiguration } from '../configuration/index.js';
import type { Switchboard } from '../conversation/core/index.js';
import { Failure, type SwitchboardIntegrationId } from '../kernel/index.js';
import type { LinkRecord } from './switchboards.store.js';

export const MOST_LINKS = 10;

/** The word that a control action takes for "whoever is next" (`docs/wire.md` 10.3). */
const RESERVED = 'next';

/** What must hold of a switchboard integration beside the others (`docs/wire.md` 6.2); it may be new or changed. */
export function refuseLink(link: LinkRecord, switchboard: Switchboard): void {
  if (link.name === RESERVED) throw new Failure('bad_request', `The name '${RESERVED}' is reserved`);
  const others = switchboard.integrations.filter(({ id }) => id !== link.id);
  if (others.some(({ name }) => name === link.name))
    throw new Failure('bad_request', `There is a switchboardIntegration named '${link.name}' already`);
  if (others.some(({ integrationId }) => integrationId === link.integrationId))
    throw new Failure('bad_request', 'The integration is linked by another switchboardIntegration already');
  if (link.nextId === link.id)
    throw new Failure('bad_request', 'A switchboardIntegration cannot be its own nextSwitchboardIntegrationId');
}

/** The switchboard integration that an id names; `null` stays `null`. */
export function nextOf(id: string | null, { integrations }: Switchboard): SwitchboardIntegrationId | null {
  if (id === null) return null;
  const link = integrations.find((one) => one.id === id);
  if (link === undefined) throw linkNotFound();
  return link.id;
}

/** The default and the next of another cannot go (`docs/wire.md` 6.2); nor can one that is named (`configuration`). */
export function refuseNeeded(id: SwitchboardIntegrationId, { switchboard }: AppConfiguration): void {
  if (switchboard?.defaultId === id)
    throw new Failure('bad_request', 'The default switchboardIntegration cannot be deleted');
  if (switchboard?.integrations.some(({ nextId }) => nextId === id))
    throw new Failure('bad_request', 'The next switchboardIntegration of another one cannot be deleted');
}

export function linkNotFound(): Failure {
  return new Failure('switchboard_integration_not_found', 'SwitchboardIntegration not found');
}
