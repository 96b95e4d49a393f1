-- +goose Up
-- What a program may do (identity): send files as an officer does, or, as those who teach,
-- bring in packages and launch their units for learners of another system.
ALTER TABLE identity_tokens ADD COLUMN role TEXT NOT NULL DEFAULT 'officer';
