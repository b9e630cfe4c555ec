import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 1;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;

/**
 * Keeps secrets at rest: AES-256-GCM under the master key. A sealed secret is version (1 byte), id of the key (4),
 * nonce (12), tag (16), ciphertext. The associated data (the app's id, or `account`) binds it to its place: a row that
 * was copied to another app does not open there.
 */
export class SecretBox {
  readonly #key: Buffer;
  readonly #keyId: Buffer;

  /** @param masterKey 32 bytes */
  constructor(masterKey: Buffer) {
    if (masterKey.length !== 32) throw new Error('the master key must have 32 bytes');
    this.#key = masterKey;
    this.#keyId = Buffer.from(hkdfSync('sha256', masterKey, '', 'switchboard master key id', KEY_ID_BYTES));
  }

  seal(plain: Buffer | string, associated: Buffer | string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(associated));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), this.#keyId, nonce, cipher.getAuthTag(), body]);
  }

  /** Throws when it was changed, belongs to another place, or was sealed under another master key. */
  open(sealed: Buffer, associated: Buffer | string): Buffer {
    if (sealed.length < HEAD_BYTES || sealed[0] !== VERSION) throw new Error('this is no sealed secret');
    if (!sealed.subarray(1, 1 + KEY_ID_BYTES).equals(this.#keyId))
      throw new Error('a secret was sealed under another master key: set SWITCHBOARD_MASTER_KEY to that one');
    const nonce = sealed.subarray(1 + KEY_ID_BYTES, HEAD_BYTES - TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(associated))
      .setAuthTag(sealed.subarray(HEAD_BYTES - TAG_BYTES, HEAD_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
  }

  openText(sealed: Buffer, associated: string): string {
    return this.open(sealed, associated).toString('utf8');
  }
}
