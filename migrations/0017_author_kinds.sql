-- What the switchboard knows of a sender left `author.subtypes`, where published clients refuse it, for `author.kind`.

UPDATE message m
SET body = jsonb_set(m.body, '{author}', (m.body -> 'author') - 'subtypes'
  || jsonb_build_object('kind', CASE WHEN m.body #> '{author,subtypes}' ? 'bot' THEN 'bot' ELSE 'agent' END)
  || CASE WHEN (m.body #> '{author,subtypes}') - 'bot' - 'agent' = '[]' THEN '{}'
          ELSE jsonb_build_object('subtypes', (m.body #> '{author,subtypes}') - 'bot' - 'agent') END)
WHERE m.body #> '{author,subtypes}' ?| ARRAY['bot', 'agent'];
