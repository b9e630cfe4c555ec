import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { parseId, type Millis, type SurveyId } from '../../kernel/index.js';

/** What a link says: which survey, and until when the link opens it. */
export interface LinkClaim {
  readonly surveyId: SurveyId;
  readonly expiresAt: Millis;
}

/** `<survey id>-<expiry in base 36>-<HMAC-SHA-256 in base64url>` */
const TOKEN = /^([0-9a-f]{24})-([0-9a-z]{1,11})-([A-Za-z0-9_-]{43})$/;

/** Signs links to surveys, under a key of their own derived from the master key: no other secret can be guessed by it. */
export class LinkSignature {
  readonly #key: Buffer;

  constructor(masterKey: Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', masterKey, '', 'switchboard survey link', 32));
  }

  tokenOf({ surveyId, expiresAt }: LinkClaim): string {
    const claim = `${surveyId}-${expiresAt.toString(36)}`;
    return `${claim}-${this.mac(claim).toString('base64url')}`;
  }

  /** `null` for what we did not sign. Says nothing of the expiry: the database's clock does. */
  claimOf(token: string): LinkClaim | null {
    const [, id, expiry = '', signature = ''] = TOKEN.exec(token) ?? [];
    const surveyId = parseId<SurveyId>(id);
    if (surveyId === null) return null;
    const genuine = timingSafeEqual(this.mac(`${surveyId}-${expiry}`), Buffer.from(signature, 'base64url'));
    return genuine ? { surveyId, expiresAt: Number.parseInt(expiry, 36) } : null;
  }

  private mac(claim: string): Buffer {
    return createHmac('sha256', this.#key).update(claim).digest();
  }
}
