/**
 * Where words of an end user lie, table by table, and what becomes of them: when a message or a conversation is removed,
 * when their personal information is erased, when they are deleted. A test plants a word in every field of a user and of
 * their messages and looks for it in every table afterwards, so a copy that is missing here is found there.
 *
 * Announcements (`outbox`, the stream, `event`) hold ids and facts, never a body, and so does the list of sessions. The
 * business' own id of an end user is one of them: `session.ended` tells it, and stays in `outbox` for two days.
 */
export const COPIES = {
  app_user: 'the profile and the custom properties; the row, with the user',
  message: 'who wrote it, and what; an erased one keeps its place in groups that outlive its author',
  delivery: 'what webhooks are still to be told, what they were told in the last 7 days, and dead letters',
  idempotency: 'answers that are given again for 24 hours',
  survey: 'the comment, with the message or the person it came from',
  work_item: "an agent's notes and drafts, with the conversation they are about",
} as const;
