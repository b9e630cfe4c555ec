/** Loaded into the server by start.mjs: when the starter is gone without a word, the server drains as on SIGTERM. */
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
