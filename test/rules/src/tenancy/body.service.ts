import './body.dto.js';
