-- Apps that were there before agents could end sessions, and never said whether they may, keep it off; new apps have it
-- on from the start (sessions.md A-3).
UPDATE app
SET settings = settings || '{"agentsCanEnd": false}', config_version = config_version + 1
WHERE NOT settings ? 'agentsCanEnd';
