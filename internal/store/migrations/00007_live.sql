-- +goose Up
-- A unit has one live traffic.
CREATE UNIQUE INDEX cargo_scopes_live ON cargo_scopes (unit_id) WHERE kind = 'live';
