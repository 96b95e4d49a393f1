-- +goose Up
-- Exercises on traffic whose truth is known (learning/exercise). Tasks of courses stand in
-- the courses' files; these are the coordinators' own.
CREATE TABLE exercise_tasks (
    id      BIGINT PRIMARY KEY,
    unit_id BIGINT    NOT NULL REFERENCES identity_units (id),
    task    JSONB     NOT NULL,
    made_by BIGINT    NOT NULL,
    made_at TIMESTAMP NOT NULL
);
CREATE INDEX exercise_tasks_unit ON exercise_tasks (unit_id, id);

-- A world is the traffic of a task, made once for everybody who takes the task in a unit.
CREATE TABLE exercise_worlds (
    id          BIGINT PRIMARY KEY,
    unit_id     BIGINT    NOT NULL REFERENCES identity_units (id),
    fingerprint TEXT      NOT NULL,
    task_key    TEXT      NOT NULL,
    task        JSONB     NOT NULL,
    level       TEXT      NOT NULL,
    seed        BIGINT    NOT NULL,
    month       TIMESTAMP NOT NULL,
    scope_id    BIGINT    NOT NULL, -- 0 until there is traffic
    state       TEXT      NOT NULL,
    done        BIGINT    NOT NULL,
    total       BIGINT    NOT NULL,
    made_at     TIMESTAMP NOT NULL,
    UNIQUE (unit_id, fingerprint)
);
CREATE INDEX exercise_worlds_scope ON exercise_worlds (scope_id);

-- What is true of the consignments of the month that is worked.
CREATE TABLE exercise_truths (
    world_id       BIGINT  NOT NULL REFERENCES exercise_worlds (id),
    consignment_id BIGINT  NOT NULL,
    document       TEXT    NOT NULL,
    planted        BOOLEAN NOT NULL,
    twin           BOOLEAN NOT NULL,
    scheme         TEXT    NOT NULL,
    note           TEXT    NOT NULL,
    case_number    BIGINT  NOT NULL,
    PRIMARY KEY (world_id, consignment_id)
);

CREATE TABLE exercise_cohorts (
    id       BIGINT PRIMARY KEY,
    unit_id  BIGINT    NOT NULL REFERENCES identity_units (id),
    world_id BIGINT    NOT NULL REFERENCES exercise_worlds (id),
    made_by  BIGINT    NOT NULL,
    made_at  TIMESTAMP NOT NULL
);
CREATE INDEX exercise_cohorts_unit ON exercise_cohorts (unit_id, id);

CREATE TABLE exercise_runs (
    id           BIGINT PRIMARY KEY,
    officer_id   BIGINT    NOT NULL REFERENCES identity_officers (id),
    unit_id      BIGINT    NOT NULL REFERENCES identity_units (id),
    world_id     BIGINT    NOT NULL REFERENCES exercise_worlds (id),
    cohort_id    BIGINT REFERENCES exercise_cohorts (id),
    made_at      TIMESTAMP NOT NULL,
    begun_at     TIMESTAMP,
    handed_in_at TIMESTAMP,
    score        DOUBLE PRECISION,
    result       JSONB
);
CREATE INDEX exercise_runs_officer ON exercise_runs (officer_id, id);
CREATE INDEX exercise_runs_cohort ON exercise_runs (cohort_id);

CREATE TABLE exercise_picks (
    run_id         BIGINT    NOT NULL REFERENCES exercise_runs (id),
    consignment_id BIGINT    NOT NULL,
    reasons        JSONB     NOT NULL,
    at             TIMESTAMP NOT NULL,
    PRIMARY KEY (run_id, consignment_id)
);

-- Of an officer for a skill, and of a task at a level for no skill.
CREATE TABLE exercise_ratings (
    subject TEXT             NOT NULL,
    skill   TEXT             NOT NULL,
    rating  DOUBLE PRECISION NOT NULL,
    runs    BIGINT           NOT NULL,
    PRIMARY KEY (subject, skill)
);
