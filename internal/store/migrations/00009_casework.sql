-- +goose Up
-- What the unit does about it (casework). The acts are the truth; the other tables of
-- cases are the index by which lists find them, and can be made again from the acts.
CREATE TABLE casework_cases (
    id           BIGINT PRIMARY KEY,
    scope_id     BIGINT    NOT NULL REFERENCES cargo_scopes (id),
    number       TEXT      NOT NULL,
    title        TEXT      NOT NULL,
    state        TEXT      NOT NULL,
    ending       TEXT      NOT NULL, -- '' until the case was concluded
    origin       TEXT      NOT NULL,
    version      BIGINT    NOT NULL,
    acts         BIGINT    NOT NULL, -- how many there are
    owner_id     BIGINT    NOT NULL,
    opened_by    BIGINT    NOT NULL,
    opened_at    TIMESTAMP NOT NULL,
    changed_at   TIMESTAMP NOT NULL,
    concluded_at TIMESTAMP,
    deadline     TIMESTAMP,
    score        BIGINT, -- in eighths, the highest of the consignments
    random       BOOLEAN   NOT NULL,
    consignments BIGINT    NOT NULL,
    waiting      BIGINT    NOT NULL, -- acts that were set aside
    UNIQUE (scope_id, number)
);
CREATE INDEX casework_cases_scope ON casework_cases (scope_id, id);
CREATE INDEX casework_cases_state ON casework_cases (scope_id, state, id);
CREATE INDEX casework_cases_owner ON casework_cases (scope_id, owner_id, id);
CREATE INDEX casework_cases_change ON casework_cases (scope_id, changed_at, id);
CREATE INDEX casework_cases_score ON casework_cases (scope_id, (score IS NULL), score DESC, id);
CREATE INDEX casework_cases_best ON casework_cases (scope_id, state, (score IS NULL), score DESC, id);
CREATE INDEX casework_cases_urgent ON casework_cases (scope_id, (deadline IS NULL), deadline, id);
CREATE INDEX casework_cases_deadline ON casework_cases (scope_id, deadline, id) WHERE deadline IS NOT NULL AND state <> 'concluded';

CREATE TABLE casework_acts (
    case_id    BIGINT    NOT NULL REFERENCES casework_cases (id),
    seq        BIGINT    NOT NULL,
    scope_id   BIGINT    NOT NULL,
    version    BIGINT    NOT NULL,
    officer_id BIGINT    NOT NULL,
    at         TIMESTAMP NOT NULL,
    kind       TEXT      NOT NULL,
    body       JSONB     NOT NULL,
    act_key    TEXT, -- chosen by the sender
    aside      BIGINT    NOT NULL,
    PRIMARY KEY (case_id, seq)
);
CREATE UNIQUE INDEX casework_acts_key ON casework_acts (scope_id, act_key) WHERE act_key IS NOT NULL;

-- Numbers of the cases of a year; year 0 counts the changes of casework_results.
CREATE TABLE casework_serials (
    scope_id BIGINT NOT NULL,
    year     BIGINT NOT NULL,
    serial   BIGINT NOT NULL,
    PRIMARY KEY (scope_id, year)
);

-- A consignment is in at most one open case.
CREATE TABLE casework_consignments (
    case_id        BIGINT  NOT NULL REFERENCES casework_cases (id),
    consignment_id BIGINT  NOT NULL,
    is_open        BOOLEAN NOT NULL,
    PRIMARY KEY (case_id, consignment_id)
);
CREATE UNIQUE INDEX casework_consignments_open ON casework_consignments (consignment_id) WHERE is_open;
CREATE INDEX casework_consignments_case ON casework_consignments (consignment_id, case_id);

CREATE TABLE casework_people (
    officer_id BIGINT NOT NULL,
    case_id    BIGINT NOT NULL REFERENCES casework_cases (id),
    part       TEXT   NOT NULL, -- owner, watcher, team, task
    PRIMARY KEY (officer_id, case_id, part)
);
CREATE INDEX casework_people_case ON casework_people (case_id);

CREATE TABLE casework_tasks (
    case_id    BIGINT    NOT NULL REFERENCES casework_cases (id),
    seq        BIGINT    NOT NULL,
    scope_id   BIGINT    NOT NULL,
    officer_id BIGINT    NOT NULL,
    text       TEXT      NOT NULL,
    due        TIMESTAMP,
    done       BOOLEAN   NOT NULL,
    PRIMARY KEY (case_id, seq)
);
CREATE INDEX casework_tasks_officer ON casework_tasks (scope_id, officer_id, due) WHERE NOT done;

CREATE TABLE casework_words (
    scope_id BIGINT NOT NULL,
    word     BYTEA  NOT NULL, -- bytes, so that a prefix is a range under any collation
    case_id  BIGINT NOT NULL REFERENCES casework_cases (id),
    PRIMARY KEY (scope_id, word, case_id)
) /* on SQLite: WITHOUT ROWID */;
CREATE INDEX casework_words_case ON casework_words (case_id, word);

-- Low-risk consignments that were released without a case, several in one act.
CREATE TABLE casework_releases (
    id             BIGINT PRIMARY KEY,
    scope_id       BIGINT    NOT NULL,
    consignment_id BIGINT    NOT NULL,
    version        BIGINT    NOT NULL, -- of the consignment
    batch          BIGINT    NOT NULL, -- the act
    reason         TEXT      NOT NULL,
    words          TEXT      NOT NULL,
    officer_id     BIGINT    NOT NULL,
    at             TIMESTAMP NOT NULL,
    UNIQUE (consignment_id, version)
);
CREATE TABLE casework_batches (
    id         BIGINT PRIMARY KEY,
    scope_id   BIGINT NOT NULL,
    officer_id BIGINT NOT NULL,
    act_key    TEXT,
    answer     JSONB  NOT NULL -- what was released and what refused, for who sends it twice
);
CREATE UNIQUE INDEX casework_batches_key ON casework_batches (scope_id, act_key) WHERE act_key IS NOT NULL;

-- One row for each examined or released consignment of a case, and a new one for each
-- correction: what statistics count.
CREATE TABLE casework_results (
    id             BIGINT PRIMARY KEY,
    scope_id       BIGINT           NOT NULL,
    case_id        BIGINT           NOT NULL, -- 0 for a release without a case
    consignment_id BIGINT           NOT NULL,
    version        BIGINT           NOT NULL, -- 1 for the first conclusion
    newest         BOOLEAN          NOT NULL,
    concluded_at   TIMESTAMP        NOT NULL,
    day            BIGINT           NOT NULL, -- of the conclusion in the unit's time, days since 1970-01-01
    hours          DOUBLE PRECISION NOT NULL, -- from arrival, or receipt when that was later, to the conclusion
    ending         TEXT             NOT NULL,
    examined       BOOLEAN          NOT NULL,
    method         TEXT             NOT NULL,
    selection      TEXT             NOT NULL,
    inclusion      DOUBLE PRECISION NOT NULL,
    result         TEXT             NOT NULL,
    channel        TEXT             NOT NULL,
    score          BIGINT           NOT NULL, -- in eighths
    loading        TEXT             NOT NULL,
    unloading      TEXT             NOT NULL,
    indicators     TEXT             NOT NULL, -- that fired; ids parted by spaces, as in the next two
    proved_right   TEXT             NOT NULL,
    proved_wrong   TEXT             NOT NULL,
    categories     TEXT             NOT NULL,
    value          DOUBLE PRECISION NOT NULL, -- US dollars
    arrests        BIGINT           NOT NULL,
    feed           BIGINT           NOT NULL  -- counts the changes of a scope, so that a reader can follow them
);
CREATE INDEX casework_results_feed ON casework_results (scope_id, feed);
CREATE INDEX casework_results_case ON casework_results (case_id, consignment_id) WHERE case_id <> 0;
CREATE INDEX casework_results_release ON casework_results (consignment_id) WHERE case_id = 0;

CREATE TABLE casework_rules (
    scope_id   BIGINT    NOT NULL REFERENCES cargo_scopes (id),
    version    BIGINT    NOT NULL,
    body       JSONB     NOT NULL,
    reason     TEXT      NOT NULL,
    officer_id BIGINT    NOT NULL,
    at         TIMESTAMP NOT NULL,
    PRIMARY KEY (scope_id, version)
);
