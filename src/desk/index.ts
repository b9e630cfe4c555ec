export { AgentTimersSweep } from './agent-timers.sweep.js';
export { Crossings } from './crossings.js';
export { Departures } from './departures.js';
export { DeskModule } from './desk.module.js';
export { PresenceService } from './presence.service.js';
export { TabsService } from './tabs.service.js';
