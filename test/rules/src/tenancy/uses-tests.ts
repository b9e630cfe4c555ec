import '../../test/kit.js';
