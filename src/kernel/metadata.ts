/** Flat key-value data: at most 4096 bytes as JSON, values string, number or boolean (`sunco.md` 1 and 5). */
export type Metadata = Readonly<Record<string, string | number | boolean>>;
