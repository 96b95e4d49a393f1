-- +goose Up
-- Who takes which course, what they have read and what they answered (learning/study).
CREATE TABLE study_cohorts (
    id        BIGINT PRIMARY KEY,
    unit_id   BIGINT    NOT NULL REFERENCES identity_units (id),
    course_id TEXT      NOT NULL,
    title     TEXT      NOT NULL,
    code      TEXT      NOT NULL UNIQUE,
    due_at    TIMESTAMP,
    made_by   BIGINT    NOT NULL,
    made_at   TIMESTAMP NOT NULL,
    closed_at TIMESTAMP
);
CREATE INDEX study_cohorts_unit ON study_cohorts (unit_id, id);

-- A rule enrols whoever has the role in the unit.
CREATE TABLE study_rules (
    id        BIGINT PRIMARY KEY,
    unit_id   BIGINT    NOT NULL REFERENCES identity_units (id),
    role      TEXT      NOT NULL,
    course_id TEXT      NOT NULL,
    days      BIGINT    NOT NULL, -- from enrolment to the due date; 0: none
    made_by   BIGINT    NOT NULL,
    made_at   TIMESTAMP NOT NULL,
    ended_at  TIMESTAMP
);
CREATE INDEX study_rules_unit ON study_rules (unit_id, id);

CREATE TABLE study_enrolments (
    id             BIGINT PRIMARY KEY,
    officer_id     BIGINT    NOT NULL REFERENCES identity_officers (id),
    unit_id        BIGINT    NOT NULL REFERENCES identity_units (id), -- where the officer was enrolled
    course_id      TEXT      NOT NULL,
    version        TEXT      NOT NULL,
    origin         TEXT      NOT NULL,
    cohort_id      BIGINT REFERENCES study_cohorts (id),
    enrolled_at    TIMESTAMP NOT NULL,
    enrolled_by    BIGINT    NOT NULL,
    due_at         TIMESTAMP,
    seed           BIGINT    NOT NULL,
    exercise_at    TIMESTAMP,
    exercise_score DOUBLE PRECISION,
    completed_at   TIMESTAMP,
    score          DOUBLE PRECISION, -- of the passed test after the course
    UNIQUE (officer_id, course_id)
);
CREATE INDEX study_enrolments_unit ON study_enrolments (unit_id, course_id);

CREATE TABLE study_reads (
    enrolment_id BIGINT    NOT NULL REFERENCES study_enrolments (id),
    lesson_id    TEXT      NOT NULL,
    at           TIMESTAMP NOT NULL,
    PRIMARY KEY (enrolment_id, lesson_id)
);

CREATE TABLE study_sheets (
    id           BIGINT PRIMARY KEY,
    enrolment_id BIGINT    NOT NULL REFERENCES study_enrolments (id),
    moment       TEXT      NOT NULL,
    lesson_id    TEXT      NOT NULL, -- '' but for practice
    attempt      BIGINT    NOT NULL,
    seed         BIGINT    NOT NULL,
    questions    JSONB     NOT NULL,
    started_at   TIMESTAMP NOT NULL,
    due_at       TIMESTAMP,
    handed_in_at TIMESTAMP,
    late         BOOLEAN   NOT NULL,
    answers      JSONB     NOT NULL,
    marks        JSONB     NOT NULL,
    score        DOUBLE PRECISION,
    UNIQUE (enrolment_id, moment, lesson_id, attempt)
);
