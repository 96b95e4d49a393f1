-- +goose Up
-- Who works where, and what they did (identity).
CREATE TABLE identity_units (
    id         BIGINT PRIMARY KEY,
    code       TEXT      NOT NULL UNIQUE,
    name       TEXT      NOT NULL,
    country    TEXT      NOT NULL,
    place      TEXT      NOT NULL,
    timezone   TEXT      NOT NULL,
    language   TEXT      NOT NULL,
    created_at TIMESTAMP NOT NULL,
    version    BIGINT    NOT NULL
);

CREATE TABLE identity_officers (
    id           BIGINT PRIMARY KEY,
    username     TEXT      NOT NULL UNIQUE,
    name         TEXT      NOT NULL,
    language     TEXT      NOT NULL,
    active       BOOLEAN   NOT NULL,
    password     TEXT      NOT NULL,
    must_change  BOOLEAN   NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    signed_in_at TIMESTAMP
);

-- unit_id 0 is the whole system, for administrators only; hence no reference.
CREATE TABLE identity_memberships (
    officer_id BIGINT NOT NULL REFERENCES identity_officers (id),
    unit_id    BIGINT NOT NULL,
    role       TEXT   NOT NULL,
    PRIMARY KEY (officer_id, unit_id)
);
CREATE INDEX identity_memberships_unit ON identity_memberships (unit_id);

-- A revoked session stays until it expires, so that a request under way cannot revive it.
CREATE TABLE identity_sessions (
    id         BIGINT PRIMARY KEY,
    token_hash TEXT      NOT NULL UNIQUE,
    officer_id BIGINT    NOT NULL,
    data       TEXT      NOT NULL,
    address    TEXT      NOT NULL,
    agent      TEXT      NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at    TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP
);
CREATE INDEX identity_sessions_officer ON identity_sessions (officer_id);
CREATE INDEX identity_sessions_expiry ON identity_sessions (expires_at);

CREATE TABLE identity_throttle (
    subject   TEXT PRIMARY KEY,
    failures  BIGINT    NOT NULL,
    failed_at TIMESTAMP NOT NULL,
    until_at  TIMESTAMP NOT NULL
);

-- detail is TEXT, not JSONB: the seal covers its bytes, and PostgreSQL rewrites JSONB.
CREATE TABLE identity_audit (
    id          BIGINT PRIMARY KEY,
    at          TIMESTAMP NOT NULL,
    officer_id  BIGINT    NOT NULL,
    unit_id     BIGINT    NOT NULL,
    act         TEXT      NOT NULL,
    object_kind TEXT      NOT NULL,
    object_id   TEXT      NOT NULL,
    detail      TEXT      NOT NULL,
    address     TEXT      NOT NULL
);
CREATE INDEX identity_audit_unit ON identity_audit (unit_id, id);
CREATE INDEX identity_audit_officer ON identity_audit (officer_id, id);
CREATE INDEX identity_audit_object ON identity_audit (object_kind, object_id, id);
CREATE INDEX identity_audit_act ON identity_audit (act, id);

-- The chain: an entry waits in pending until it is sealed behind the last one.
CREATE TABLE identity_audit_pending (
    entry_id BIGINT PRIMARY KEY
);
CREATE TABLE identity_audit_seals (
    seq      BIGINT PRIMARY KEY,
    entry_id BIGINT NOT NULL UNIQUE,
    hash     TEXT   NOT NULL
);
CREATE TABLE identity_audit_head (
    id   BIGINT PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash TEXT   NOT NULL
);
INSERT INTO identity_audit_head (id, seq, hash) VALUES (1, 0, '');
