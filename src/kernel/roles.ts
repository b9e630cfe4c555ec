export const ROLES = ['agent', 'supervisor', 'admin'] as const;

/** An agent's role: an admin may do what a supervisor may, where a route says so by naming both (`@Roles`). */
export type Role = (typeof ROLES)[number];
