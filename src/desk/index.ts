export { AgentTimersSweep } from './agent-timers.sweep.js';
export { Departures } from './departures.js';
export { DeskModule } from './desk.module.js';
export { PresenceService } from './presence.service.js';
export { TabsService } from './tabs.service.js';
