import '../src/tenancy/index.js';
