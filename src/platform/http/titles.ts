/** "should have required property 'displayName'" (`docs/wire.md` 3), with the object's path in front when nested. */
export function missingTitle(property: string, parent: string): string {
  const title = `should have required property '${property}'`;
  return parent === '' ? title : `${parent} ${title}`;
}

/** A class-validator message in the wire's words: "text must be a string" becomes "content.text should be a string". */
export function faultTitle(message: string, property: string, path: string): string {
  return message.replace(property, path).replace(' must ', ' should ');
}
