-- A correction whose event has another id in a newer run is carried over to it: where it came from.
ALTER TABLE corrections ADD COLUMN carried_from VARCHAR;
