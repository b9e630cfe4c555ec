import { isOwnChannel, type AppConfiguration } from '../../configuration/index.js';
import { Failure, type IntegrationId } from '../../kernel/index.js';
import { InvalidInput } from '../../platform/http/index.js';

/** What a body may ask for beside the words. */
interface Asked {
  readonly destination?: { readonly integrationId?: string; readonly integrationType?: string };
  readonly override?: object;
  readonly schema?: string;
}

/**
 * Refuses what has no effect here, so that nobody takes it for done: other companies' channels are not connected, and
 * everything in a conversation is shown to its end users.
 *
 * @throws InvalidInput naming the field, Failure `integration_not_found`
 */
export function refuseWithoutEffect(asked: Asked, { integrations }: Pick<AppConfiguration, 'integrations'>): void {
  const { destination = {}, override = {}, schema } = asked;
  if (schema !== undefined)
    throw new InvalidInput(['schema is for templates of a channel that is not connected here (whatsapp)']);
  if (Object.keys(override).length > 0)
    throw new InvalidInput(['override is for channels that are not connected here (apple, line, messenger, whatsapp)']);
  const { integrationId: id, integrationType: type } = destination;
  if (id !== undefined) {
    const integration = integrations.get(id as IntegrationId);
    if (integration === undefined) throw new Failure('integration_not_found', 'Integration not found');
    if (!isOwnChannel(integration.type))
      throw new InvalidInput(['destination.integrationId should be a web, ios or android integration']);
  }
  if (type === 'none')
    throw new InvalidInput([
      'destination.integrationType should not be none: everything in a conversation is shown to its end users here',
    ]);
  if (type !== undefined && !hasChannel(integrations, type))
    throw new InvalidInput([`destination.integrationType: the app has no channel of the type ${type}`]);
}

const hasChannel = (integrations: AppConfiguration['integrations'], type: string): boolean =>
  isOwnChannel(type) && [...integrations.values()].some((integration) => integration.type === type);
