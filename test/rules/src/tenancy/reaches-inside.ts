import '../conversation/inside.js';
