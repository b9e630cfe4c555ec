import type { ConversationCommand } from './commands.js';
import type { Decision } from './decision.js';
import type { ConversationState } from './state.js';
import type { World } from './world.js';

export declare function decide(state: ConversationState, command: ConversationCommand, world: World): Decision;
