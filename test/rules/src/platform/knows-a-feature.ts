import '../tenancy/index.js';
