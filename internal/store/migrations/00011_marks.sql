-- +goose Up
-- Where each field stands in the raw file, in few bytes; marks holds that of versions
-- from before, as JSON.
ALTER TABLE cargo_versions ADD COLUMN spans BYTEA;
