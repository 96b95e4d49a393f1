-- +goose Up
-- Keys by which programs send files to a unit (identity).
CREATE TABLE identity_tokens (
    id         BIGINT PRIMARY KEY,
    unit_id    BIGINT    NOT NULL REFERENCES identity_units (id),
    name       TEXT      NOT NULL,
    token_hash TEXT      NOT NULL UNIQUE,
    created_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    UNIQUE (unit_id, name)
);
