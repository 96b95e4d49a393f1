-- +goose Up
-- What moves (cargo).
CREATE TABLE cargo_scopes (
    id         BIGINT PRIMARY KEY,
    kind       TEXT      NOT NULL,
    unit_id    BIGINT    NOT NULL,
    title      TEXT      NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX cargo_scopes_unit ON cargo_scopes (unit_id);

CREATE TABLE cargo_consignments (
    id           BIGINT PRIMARY KEY,
    scope_id     BIGINT NOT NULL REFERENCES cargo_scopes (id),
    document_key TEXT   NOT NULL,
    version      BIGINT NOT NULL,
    body_hash    BIGINT NOT NULL,
    UNIQUE (scope_id, document_key)
);

CREATE TABLE cargo_versions (
    consignment_id BIGINT    NOT NULL REFERENCES cargo_consignments (id),
    version        BIGINT    NOT NULL,
    import_id      BIGINT    NOT NULL,
    received_at    TIMESTAMP NOT NULL,
    body           JSONB     NOT NULL,
    source         JSONB     NOT NULL,
    marks          JSONB     NOT NULL, -- where each field stands in the raw file
    PRIMARY KEY (consignment_id, version)
);
CREATE INDEX cargo_versions_import ON cargo_versions (import_id);

CREATE TABLE cargo_keys (
    scope_id       BIGINT NOT NULL,
    value          BYTEA  NOT NULL, -- bytes, so that a prefix is a range under any collation
    kind           TEXT   NOT NULL,
    consignment_id BIGINT NOT NULL,
    PRIMARY KEY (scope_id, value, kind, consignment_id)
) /* on SQLite: WITHOUT ROWID */;

CREATE TABLE cargo_parties (
    id          BIGINT PRIMARY KEY,
    scope_id    BIGINT NOT NULL,
    fingerprint BIGINT NOT NULL,
    name        TEXT   NOT NULL,
    city        TEXT   NOT NULL,
    country     TEXT   NOT NULL,
    UNIQUE (scope_id, fingerprint)
);
CREATE TABLE cargo_party_words (
    scope_id BIGINT NOT NULL,
    word     BYTEA  NOT NULL,
    party_id BIGINT NOT NULL,
    PRIMARY KEY (scope_id, word, party_id)
) /* on SQLite: WITHOUT ROWID */;
CREATE TABLE cargo_consignment_parties (
    party_id       BIGINT NOT NULL,
    consignment_id BIGINT NOT NULL,
    role           TEXT   NOT NULL,
    PRIMARY KEY (party_id, consignment_id, role)
) /* on SQLite: WITHOUT ROWID */;
