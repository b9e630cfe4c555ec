/** The package types its storage but does not say so for the path it is read at. */
declare module 'class-transformer/cjs/storage.js' {
  import type { ClassConstructor } from 'class-transformer';

  export const defaultMetadataStorage: {
    findTypeMetadata(
      target: abstract new () => object,
      property: string,
    ): { readonly typeFunction: () => ClassConstructor<object> } | undefined;
    /** By class, then by property. */
    readonly _transformMetadatas: ReadonlyMap<abstract new () => object, ReadonlyMap<string, unknown>>;
  };
}
