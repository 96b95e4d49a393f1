-- +goose Up
-- What outcomes teach (risk). One row for each consignment that a case concluded, by its
-- newest outcome, with a compact copy of what the engine had found.
CREATE TABLE risk_outcomes (
    consignment_id BIGINT PRIMARY KEY,
    scope_id  BIGINT           NOT NULL,
    version   BIGINT           NOT NULL, -- of the consignment, as it was assessed
    revision  BIGINT           NOT NULL, -- of the outcome
    at        TIMESTAMP        NOT NULL,
    selection TEXT             NOT NULL,
    examined  BOOLEAN          NOT NULL,
    found     BOOLEAN          NOT NULL,
    result    TEXT             NOT NULL,
    category  TEXT             NOT NULL,
    verdicts  JSONB            NOT NULL, -- indicators that proved right and wrong
    drawn     BOOLEAN          NOT NULL, -- by the random draw
    inclusion DOUBLE PRECISION NOT NULL, -- probability of the draw
    day       BIGINT           NOT NULL, -- of arrival, days since 1970-01-01
    score     BIGINT           NOT NULL, -- in eighths
    channel   TEXT             NOT NULL, -- that the score alone gave, without the draw
    fired     JSONB            NOT NULL, -- indicators with their strength and rarity, before weights
    feed      BIGINT           NOT NULL
);
CREATE INDEX risk_outcomes_feed ON risk_outcomes (scope_id, feed);

-- Weights that outcomes suggest. None is ever changed but for the decision about it.
CREATE TABLE risk_proposals (
    id         BIGINT PRIMARY KEY,
    scope_id   BIGINT    NOT NULL,
    settings   BIGINT    NOT NULL, -- version that was in force
    body       JSONB     NOT NULL,
    officer_id BIGINT    NOT NULL,
    at         TIMESTAMP NOT NULL,
    state      TEXT      NOT NULL,
    reason     TEXT      NOT NULL,
    decided_by BIGINT    NOT NULL,
    decided_at TIMESTAMP,
    adopted    BIGINT    NOT NULL -- version of the settings that it became; 0 for none
);
CREATE INDEX risk_proposals_scope ON risk_proposals (scope_id, id);
