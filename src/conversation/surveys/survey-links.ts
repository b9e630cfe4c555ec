import type { AddressInfo, Server } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Millis, SurveyId } from '../../kernel/index.js';
import { Config } from '../../platform/config/index.js';
import { LinkSignature } from './link-signature.js';

/** Addresses of survey pages: a link is all that somebody needs to answer, until it expires. */
@Injectable()
export class SurveyLinks {
  readonly signature: LinkSignature;

  constructor(
    private readonly config: Config,
    private readonly http: HttpAdapterHost,
  ) {
    this.signature = new LinkSignature(config.masterKey);
  }

  urlOf(surveyId: string, expiresAt: Millis): string {
    return `${this.base()}/surveys/${this.signature.tokenOf({ surveyId: surveyId as SurveyId, expiresAt })}`;
  }

  /** Where end users reach this house; unset, where it listens. */
  private base(): string {
    const { publicUrl, host, port } = this.config;
    if (publicUrl !== null) return publicUrl;
    const server = this.http.httpAdapter.getHttpServer() as Server;
    const listening = server.address() as AddressInfo | null;
    return `http://${host.includes(':') ? `[${host}]` : host}:${listening?.port ?? port}`;
  }
}
