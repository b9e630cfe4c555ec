import '../webhooks/index.js';
