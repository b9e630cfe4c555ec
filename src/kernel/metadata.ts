import { Failure } from './failure.js';

/** Flat key-value data: at most 4096 bytes as JSON, values string, number or boolean (`docs/wire.md` 1 and 5). */
export type Metadata = Readonly<Record<string, string | number | boolean>>;

/** In a PATCH: keys that are named are set, `null` removes one. */
export type MetadataPatch = Readonly<Record<string, string | number | boolean | null>>;

/** Metadata of one object, as JSON (`docs/wire.md` 5). */
export const METADATA_BYTES = 4096;

/** A PATCH merged in; one of `null` clears all (`docs/wire.md` 1). */
export function mergedMetadata(metadata: Metadata, patch: MetadataPatch | null | undefined): Metadata {
  if (patch === null) return {};
  const merged = new Map<string, string | number | boolean>(Object.entries(metadata));
  for (const [key, value] of Object.entries(patch ?? {})) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

/**
 * @param whose such as `App`, for the title of the wire: "App metadata is limited to 4096 bytes in size."
 * @throws Failure `bad_request`
 */
export function limitedMetadata(whose: string, metadata: Metadata): Metadata {
  if (new TextEncoder().encode(JSON.stringify(metadata)).length > METADATA_BYTES)
    throw new Failure('bad_request', `${whose} metadata is limited to ${METADATA_BYTES} bytes in size.`);
  return metadata;
}
