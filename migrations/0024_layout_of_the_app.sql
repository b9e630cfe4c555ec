-- What the workspace of an agent shows is said by the app, and by the agent only where it is otherwise. Until now every
-- agent said it: what was the default is an exception no longer.
UPDATE agent SET profile = profile
  || CASE WHEN profile -> 'sessionPanel' = 'true' THEN '{"sessionPanel": null}'::jsonb ELSE '{}' END
  || CASE WHEN profile -> 'hideCustomerInactive' = 'false' THEN '{"hideCustomerInactive": null}'::jsonb ELSE '{}' END;

-- Shortest times are refused at the door (src/configuration/floors.ts), where a trial may lower them.
ALTER TABLE service_channel DROP CONSTRAINT service_channel_customer_inactivity_seconds_check,
  ADD CONSTRAINT service_channel_customer_inactivity_seconds_check CHECK (customer_inactivity_seconds BETWEEN 1 AND 1800);
