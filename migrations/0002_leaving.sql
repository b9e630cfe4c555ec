-- Whoever leaves a group leaves messages behind, which are found by this when the user is deleted.
CREATE INDEX event_of_leaving ON event ((data ->> 'userId')) WHERE type = 'participantLeft';
