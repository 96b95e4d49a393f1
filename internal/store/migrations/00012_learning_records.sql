-- +goose Up
-- The learning record store (learning): who may use it, statements, documents.
CREATE TABLE learning_clients (
    id          BIGINT PRIMARY KEY,
    name        TEXT      NOT NULL UNIQUE,
    secret_hash TEXT      NOT NULL, -- SHA-256, hexadecimal: the secret has 256 bits of chance
    scopes      TEXT      NOT NULL, -- parted by spaces
    version     TEXT      NOT NULL, -- of xAPI, for requests that do not say
    created_at  TIMESTAMP NOT NULL,
    revoked_at  TIMESTAMP
);

-- One row, which every commit of statements locks: statements are numbered in the order
-- in which they become visible, without gaps. Segments of 4,096 below sealed have their
-- postings; changes counts what happened to statements behind them.
CREATE TABLE learning_ledger (
    id      BIGINT PRIMARY KEY,
    next    BIGINT    NOT NULL,
    stored  TIMESTAMP NOT NULL, -- of the statement before next
    sealed  BIGINT    NOT NULL,
    changes BIGINT    NOT NULL
);
INSERT INTO learning_ledger (id, next, stored, sealed, changes) VALUES (1, 0, '2000-01-01 00:00:00+00:00', 0, 0);

CREATE TABLE learning_statements (
    seq          BIGINT PRIMARY KEY,
    statement_id BYTEA     NOT NULL UNIQUE,
    client_id    BIGINT    NOT NULL,
    stored       TIMESTAMP NOT NULL,
    voided       BOOLEAN   NOT NULL,
    keys         BYTEA     NOT NULL, -- what it is found by, 16 bytes each
    body         BYTEA     NOT NULL  -- number of a dictionary, eight bytes, and JSON compressed by it
);
CREATE TABLE learning_dictionaries (
    id   BIGINT PRIMARY KEY,
    body BYTEA NOT NULL
);

-- Which statements of a segment have a key: an inverted index in few rows. Members are
-- offsets within the segment, two bytes each, or from 256 on a bitmap.
CREATE TABLE learning_postings (
    key     BYTEA  NOT NULL,
    segment BIGINT NOT NULL,
    members BYTEA  NOT NULL,
    PRIMARY KEY (key, segment)
);

-- Statements about statements, by the id of the one they are about, which may come later.
CREATE TABLE learning_references (
    target BYTEA  NOT NULL,
    seq    BIGINT NOT NULL,
    voids  BIGINT NOT NULL, -- 0 no; 1 what the same client sent; 2 anything
    PRIMARY KEY (target, seq)
);

-- What statements told of activities, and by which names they called agents.
CREATE TABLE learning_activities (
    key        BYTEA PRIMARY KEY,
    definition BYTEA NOT NULL -- JSON
);
CREATE TABLE learning_names (
    agent    BYTEA NOT NULL,
    name_key BYTEA NOT NULL,
    name     TEXT  NOT NULL,
    PRIMARY KEY (agent, name_key)
);

CREATE TABLE learning_attachments (
    sha2 TEXT PRIMARY KEY, -- as statements name it: SHA-256, 384 or 512
    file TEXT   NOT NULL,  -- hash of the evidence
    size BIGINT NOT NULL
);

-- State and profiles: documents under a name, of an owner: an activity, an agent, or both.
CREATE TABLE learning_documents (
    place        BYTEA PRIMARY KEY, -- SHA-256 of owner, registration and name
    owner        BYTEA     NOT NULL,
    registration TEXT      NOT NULL,
    name         TEXT      NOT NULL,
    content_type TEXT      NOT NULL,
    etag         TEXT      NOT NULL,
    body         BYTEA     NOT NULL,
    updated_at   TIMESTAMP NOT NULL
);
CREATE INDEX learning_documents_owner ON learning_documents (owner, updated_at);
