/** Types of integrations that are channels of our own making; those of other companies need their credentials, which are not kept here yet. */
export const OWN_CHANNELS = ['web', 'ios', 'android'] as const;

export type OwnChannel = (typeof OWN_CHANNELS)[number];

export const isOwnChannel = (type: string): type is OwnChannel => (OWN_CHANNELS as readonly string[]).includes(type);
