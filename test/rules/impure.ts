export const impure = [
  () => Date.now(),
  () => Math.random(),
  () => process.pid,
  () => setTimeout(() => undefined, 1),
  () => crypto.randomUUID(),
  () => performance.now(),
];
