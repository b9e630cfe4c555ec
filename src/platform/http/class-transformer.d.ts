/** The package types its storage, but not at the path it can be imported from. */
declare module 'class-transformer/cjs/storage.js' {
  type Class = abstract new () => object;

  export const defaultMetadataStorage: {
    findTypeMetadata(
      target: Class,
      property: string,
    ):
      | {
          readonly typeFunction: () => Class;
          readonly options: {
            readonly keepDiscriminatorProperty?: boolean;
            readonly discriminator?: {
              readonly property: string;
              readonly subTypes: readonly { readonly name: string; readonly value: Class }[];
            };
          };
        }
      | undefined;
    readonly _transformMetadatas: ReadonlyMap<Class, unknown>;
  };
}
