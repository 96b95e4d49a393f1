-- +goose Up
-- Certificates of completed courses (learning/certificate).
CREATE TABLE certificate_awards (
    id           BIGINT PRIMARY KEY,
    number       TEXT             NOT NULL UNIQUE, -- as it is typed, without hyphens
    officer_id   BIGINT           NOT NULL REFERENCES identity_officers (id),
    unit_id      BIGINT           NOT NULL REFERENCES identity_units (id), -- where the course was taken
    course_id    TEXT             NOT NULL,
    version      TEXT             NOT NULL,
    edition      BIGINT           NOT NULL, -- 1, and more where it was issued anew
    holder       TEXT             NOT NULL, -- names as they were then
    unit         TEXT             NOT NULL,
    title        JSONB            NOT NULL, -- by language
    sought       TEXT             NOT NULL, -- what a search goes through, in small letters
    score        DOUBLE PRECISION NOT NULL,
    minutes      BIGINT           NOT NULL,
    completed_at TIMESTAMP        NOT NULL,
    issued_at    TIMESTAMP        NOT NULL,
    revoked_at   TIMESTAMP,
    revoked_by   BIGINT           NOT NULL,
    reason       TEXT             NOT NULL,
    replaced_by  BIGINT           NOT NULL, -- the next edition; 0: none
    list         BIGINT           NOT NULL, -- status list, and the place there
    place        BIGINT           NOT NULL,
    UNIQUE (officer_id, course_id, version, edition),
    UNIQUE (list, place)
);
CREATE INDEX certificate_awards_unit ON certificate_awards (unit_id, id);

-- Keys that sign badges; the newest one signs. The seed is secret.
CREATE TABLE certificate_keys (
    serial  BIGINT PRIMARY KEY,
    seed    BYTEA     NOT NULL,
    made_at TIMESTAMP NOT NULL
);

-- Who asked for certificates that do not exist.
CREATE TABLE certificate_guesses (
    address   TEXT PRIMARY KEY,
    failures  BIGINT    NOT NULL,
    failed_at TIMESTAMP NOT NULL,
    until     TIMESTAMP NOT NULL
);

-- Mail that was sent (learning/post); of two letters of one name the first is sent.
CREATE TABLE post_letters (
    letter TEXT PRIMARY KEY,
    at     TIMESTAMP NOT NULL
);
