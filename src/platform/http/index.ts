export { fastifyAdapter, type Front } from './adapter.js';
export {
  Holds,
  IsFlatData,
  IsFlatPatch,
  IsMetadata,
  IsMetadataPatch,
  IsWebAddress,
  IsWebAddressOfAnyLength,
  NeverNull,
  SaysSomething,
  isVisible,
  MayBeAbsent,
  MayBeNull,
} from './body-fields.js';
export { RefusesUnknown } from './body-names.js';
export { BODY_LIMIT } from './bodies.js';
export { baseUrlOf } from './base-url.js';
export { beforeTheBody } from './before-the-body.js';
export { configureHttp } from './configure-http.js';
export { dtoSchema } from './dto-schema.js';
export { errorBody, type ErrorBody, type ErrorEntry } from './error-body.js';
export { FailureFilter } from './failure.filter.js';
export { InvalidInput } from './invalid-input.js';
export { beyond, order, pageOf, paged, type Page, type Paged, type PageRules, type Slice } from './paging.js';
export { Length, MaxLength } from './text-length.js';
export { serveNoApi } from './no-api.js';
export { Noted } from './noted.js';
export { acceptPageForms } from './page-forms.js';
export { tellPosition } from './position.js';
export { filterOf, severalOf, type Query } from './query.js';
export { TakesQuery } from './query-names.js';
export { wireOperations, type WireOperation } from './wire-operations.js';
export { REQUEST_ID, tellApp } from './request-facts.js';
export { statuses } from './statuses.js';
