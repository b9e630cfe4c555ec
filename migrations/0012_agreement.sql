-- What all processes on this database must have the same. For good, such as the fingerprint of the master key:
CREATE TABLE agreement (
  name  text COLLATE "C" PRIMARY KEY,
  value text NOT NULL
);

-- While they run, so that a change needs no more than that the others stop first:
ALTER TABLE process ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';
