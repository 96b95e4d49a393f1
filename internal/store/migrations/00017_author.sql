-- +goose Up
-- Courses that are written in the browser (learning/author).
CREATE TABLE author_courses (
    id           TEXT PRIMARY KEY,
    changes      BIGINT    NOT NULL, -- counts what was published, for those who keep it in memory
    made_by      BIGINT    NOT NULL,
    made_at      TIMESTAMP NOT NULL,
    published_by BIGINT    NOT NULL, -- 0: not yet
    published_at TIMESTAMP
);

CREATE TABLE author_files (
    course_id  TEXT      NOT NULL REFERENCES author_courses (id),
    path       TEXT      NOT NULL,
    version    BIGINT    NOT NULL,
    draft      BYTEA, -- NULL: taken out of the draft
    published  BYTEA, -- NULL: not published
    changed_by BIGINT    NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (course_id, path)
);
