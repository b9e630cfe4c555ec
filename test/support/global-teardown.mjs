export default async function tearDown() {
  await globalThis.switchboardTestKit?.stop();
}
