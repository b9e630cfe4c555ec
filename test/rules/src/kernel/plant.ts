import '../platform/tool.js';
