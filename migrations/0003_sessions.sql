-- The whole life of a session: what conversations that were there before have not said yet.
UPDATE conversation SET state = state
  || jsonb_build_object('channelId', NULL, 'consented', false,
       'answering', jsonb_build_object('dead', '[]'::jsonb, 'owedSince', NULL, 'overdue', false))
  || CASE WHEN state -> 'session' IS NULL OR jsonb_typeof(state -> 'session') <> 'object' THEN '{}'::jsonb
     ELSE jsonb_build_object('session', state -> 'session'
       || jsonb_build_object(
            'origin', 'inbound', 'channelId', NULL, 'human', NULL,
            'talk', jsonb_build_object(
              'customerAt', NULL, 'answeredAt', NULL, 'askedAt', NULL,
              'heldSince', state -> 'session' -> 'startedAt', 'reminded', 0,
              'warned', jsonb_build_object('customer', false, 'agent', false), 'idle', false,
              'agentResponses', jsonb_build_object('count', 0, 'totalMs', 0, 'longestMs', 0),
              'customerResponses', jsonb_build_object('count', 0, 'totalMs', 0, 'longestMs', 0)))
       || CASE state -> 'session' ->> 'status' WHEN 'ACTIVE' THEN jsonb_build_object('transferring', NULL)
          ELSE '{}'::jsonb END
       || CASE WHEN state -> 'session' -> 'end' IS NULL THEN '{}'::jsonb
          ELSE jsonb_build_object('end', state -> 'session' -> 'end'
            || jsonb_build_object('stateAtEnd', 'ACTIVE', 'ownerAtEnd', NULL)) END)
     END;
UPDATE session SET data = data
  || jsonb_build_object('origin', 'inbound', 'channelId', NULL, 'human', NULL, 'talk', jsonb_build_object(
       'customerAt', NULL, 'answeredAt', NULL, 'askedAt', NULL, 'heldSince', data -> 'startedAt', 'reminded', 0,
       'warned', jsonb_build_object('customer', false, 'agent', false), 'idle', false,
       'agentResponses', jsonb_build_object('count', 0, 'totalMs', 0, 'longestMs', 0),
       'customerResponses', jsonb_build_object('count', 0, 'totalMs', 0, 'longestMs', 0)))
  || CASE WHEN data -> 'end' IS NULL THEN '{}'::jsonb
     ELSE jsonb_build_object('end', data -> 'end'
       || jsonb_build_object('stateAtEnd', 'ACTIVE', 'ownerAtEnd', NULL)) END;

-- Whether an end user has a live session on a channel (T1).
CREATE INDEX session_live ON session (app_id, user_id) WHERE ended_at IS NULL;

-- Sessions that live already wait for their bots' silence too. A timer that rings early is armed anew.
INSERT INTO timer (id, conversation_id, app_id, kind, subject, due_at)
SELECT substr(md5('botIdle' || id), 1, 24), conversation_id, app_id, 'botIdle', id,
       greatest(now(), started_at + interval '2 hours')
FROM session WHERE status = 'ACTIVE';
