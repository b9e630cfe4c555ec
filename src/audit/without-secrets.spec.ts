import { expect, it } from '@jest/globals';
import { LEFT_OUT, withoutSecrets } from './without-secrets.js';

it('leaves out whatever a name calls a secret, at any depth, and nothing else', () => {
  const settings = {
    id: '1',
    secret: 's',
    webhooks: [{ target: 'https://example.org/', secret: 's', Secret: 's', clientSecret: 's', triggers: ['*'] }],
    auth: { password: 's', accessToken: 's', api_key: 's', apiKey: 's', privateKey: 's', authorization: 's' },
    secret2: { nested: 1 },
    tokens: 3,
    secretary: 'Robin',
  };
  expect(withoutSecrets(settings)).toEqual({
    id: '1',
    secret: LEFT_OUT,
    webhooks: [
      { target: 'https://example.org/', secret: LEFT_OUT, Secret: LEFT_OUT, clientSecret: LEFT_OUT, triggers: ['*'] },
    ],
    auth: {
      password: LEFT_OUT,
      accessToken: LEFT_OUT,
      api_key: LEFT_OUT,
      apiKey: LEFT_OUT,
      privateKey: LEFT_OUT,
      authorization: LEFT_OUT,
    },
    secret2: { nested: 1 },
    tokens: 3,
    secretary: 'Robin',
  });
});

it('says that there was none, and keeps what is nothing', () => {
  expect(withoutSecrets({ secret: null, name: null, absent: undefined })).toEqual({ secret: null, name: null });
  expect(withoutSecrets(null)).toBeNull();
});

it('makes text what jsonb can hold', () => {
  expect(withoutSecrets({ 'a\0': 'b\0c', half: '\ud800' })).toEqual({ 'a\u{FFFD}': 'b\u{FFFD}c', half: '\u{FFFD}' });
});
