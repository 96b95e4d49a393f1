-- +goose Up
-- Packages of content that others made, and how far learners are in them (learning/play).
CREATE TABLE play_packages (
    id          BIGINT PRIMARY KEY,
    unit_id     BIGINT    NOT NULL REFERENCES identity_units (id),
    name        TEXT      NOT NULL, -- of the file
    file        TEXT      NOT NULL, -- hash of the evidence
    size        BIGINT    NOT NULL,
    body        JSONB     NOT NULL, -- what the manifest says, checked
    imported_by BIGINT    NOT NULL,
    imported_at TIMESTAMP NOT NULL,
    removed_at  TIMESTAMP
);
CREATE INDEX play_packages_unit ON play_packages (unit_id, id);

-- Where the bytes of each file stand in the archive.
CREATE TABLE play_files (
    package_id BIGINT NOT NULL REFERENCES play_packages (id),
    path       TEXT   NOT NULL,
    method     BIGINT NOT NULL, -- 0: as it is, 8: deflated
    start      BIGINT NOT NULL,
    packed     BIGINT NOT NULL,
    size       BIGINT NOT NULL,
    PRIMARY KEY (package_id, path)
);

-- A learner in a package. The account says who it is to the content.
CREATE TABLE play_registrations (
    id           BIGINT PRIMARY KEY,
    key          TEXT      NOT NULL UNIQUE, -- UUID
    package_id   BIGINT    NOT NULL REFERENCES play_packages (id),
    unit_id      BIGINT    NOT NULL REFERENCES identity_units (id),
    officer_id   BIGINT    NOT NULL, -- 0: a learner of another system
    home         TEXT      NOT NULL,
    account      TEXT      NOT NULL,
    actor        JSONB     NOT NULL,
    satisfied    JSONB     NOT NULL, -- places of blocks of which this has been said
    begun_at     TIMESTAMP NOT NULL,
    completed_at TIMESTAMP,
    UNIQUE (package_id, home, account)
);

CREATE TABLE play_units (
    registration_id BIGINT    NOT NULL REFERENCES play_registrations (id),
    unit            BIGINT    NOT NULL, -- index in the package
    completed       BOOLEAN   NOT NULL,
    success         TEXT      NOT NULL,
    score           DOUBLE PRECISION,   -- 0 to 1
    seconds         BIGINT    NOT NULL,
    heard           JSONB     NOT NULL, -- cmi5 defined statements, by verb
    suspended       BOOLEAN   NOT NULL, -- the next launch goes on where this one was
    cmi             BYTEA,              -- SCORM: the data model as it was last committed, JSON
    updated_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (registration_id, unit)
);

CREATE TABLE play_sessions (
    id              BIGINT PRIMARY KEY,
    key             TEXT      NOT NULL UNIQUE, -- UUID
    registration_id BIGINT    NOT NULL REFERENCES play_registrations (id),
    unit            BIGINT    NOT NULL,
    launch          JSONB     NOT NULL,
    content_hash    TEXT      NOT NULL UNIQUE, -- SHA-256 of the secret in the addresses of files
    fetch_hash      TEXT      NOT NULL UNIQUE, -- of the fetch token
    fetched_at      TIMESTAMP,
    secret_hash     TEXT      NOT NULL,        -- of the credentials that it was traded for
    launched_at     TIMESTAMP NOT NULL,
    expires_at      TIMESTAMP NOT NULL,
    last_at         TIMESTAMP NOT NULL,        -- when it was last heard of
    sequence        BIGINT    NOT NULL,        -- SCORM: of the last commit
    seconds         BIGINT    NOT NULL,        -- that the unit had taken before
    preferences     BOOLEAN   NOT NULL,        -- cmi5: were asked for
    heard           JSONB     NOT NULL,
    ended_at        TIMESTAMP,                 -- terminated, or abandoned
    abandoned       BOOLEAN   NOT NULL,
    origin          TEXT      NOT NULL         -- of the pages, which alone may frame the content
);
CREATE INDEX play_sessions_registration ON play_sessions (registration_id, id);
