-- +goose Up
-- A file or message arrives (intake). The bytes are kept once, by their hash.
CREATE TABLE intake_evidence (
    hash       TEXT PRIMARY KEY, -- SHA-256 of the file, hexadecimal
    blob_id    BIGINT    NOT NULL,
    size       BIGINT    NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE TABLE intake_chunks (
    blob_id BIGINT NOT NULL,
    n       BIGINT NOT NULL,
    data    BYTEA  NOT NULL, -- 256 KiB of the file, zstd
    PRIMARY KEY (blob_id, n)
);

CREATE TABLE intake_imports (
    id          BIGINT PRIMARY KEY,
    scope_id    BIGINT    NOT NULL REFERENCES cargo_scopes (id),
    hash        TEXT      NOT NULL,
    name        TEXT      NOT NULL,
    sender      TEXT      NOT NULL,
    format      TEXT      NOT NULL,
    via         TEXT      NOT NULL, -- page, command, api, folder
    officer_id  BIGINT    NOT NULL,
    size        BIGINT    NOT NULL,
    state       TEXT      NOT NULL, -- mapping, reading, done, refused, cancelled
    reason      TEXT      NOT NULL,
    bytes_done  BIGINT    NOT NULL,
    records     BIGINT    NOT NULL,
    created     BIGINT    NOT NULL,
    amended     BIGINT    NOT NULL,
    unchanged   BIGINT    NOT NULL,
    quarantined BIGINT    NOT NULL,
    warnings    JSONB     NOT NULL,
    mapping     JSONB     NOT NULL,
    received_at TIMESTAMP NOT NULL,
    ended_at    TIMESTAMP,
    UNIQUE (scope_id, hash)
);
CREATE INDEX intake_imports_recent ON intake_imports (scope_id, received_at);

CREATE TABLE intake_quarantine (
    id          BIGINT PRIMARY KEY,
    scope_id    BIGINT    NOT NULL,
    import_id   BIGINT    NOT NULL REFERENCES intake_imports (id),
    record      BIGINT    NOT NULL, -- counted from 1 in the file
    part        BIGINT    NOT NULL, -- problems of one record, counted from 1
    lost        BOOLEAN   NOT NULL, -- the whole record is out; otherwise one field of it
    place       TEXT      NOT NULL, -- segment 12, line 40, row 17 column C
    document    TEXT      NOT NULL,
    field       TEXT      NOT NULL,
    value       TEXT      NOT NULL,
    reason      TEXT      NOT NULL,
    at_offset   BIGINT    NOT NULL,
    at_length   BIGINT    NOT NULL,
    state       TEXT      NOT NULL, -- open, mended, dismissed
    mended      TEXT      NOT NULL, -- the record as it was mended
    officer_id  BIGINT    NOT NULL,
    ended_at    TIMESTAMP,
    UNIQUE (import_id, record, part)
);
CREATE INDEX intake_quarantine_open ON intake_quarantine (scope_id, state);

CREATE TABLE intake_mappings (
    id           BIGINT PRIMARY KEY,
    scope_id     BIGINT    NOT NULL,
    sender       TEXT      NOT NULL,
    fingerprint  TEXT      NOT NULL,
    mapping      JSONB     NOT NULL,
    officer_id   BIGINT    NOT NULL,
    confirmed_at TIMESTAMP NOT NULL,
    UNIQUE (scope_id, sender, fingerprint)
);
