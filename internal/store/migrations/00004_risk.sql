-- +goose Up
-- What deserves a look (risk).
CREATE TABLE risk_settings (
    scope_id   BIGINT    NOT NULL REFERENCES cargo_scopes (id),
    version    BIGINT    NOT NULL,
    body       JSONB     NOT NULL,
    reason     TEXT      NOT NULL,
    officer_id BIGINT    NOT NULL,
    at         TIMESTAMP NOT NULL,
    PRIMARY KEY (scope_id, version)
);

CREATE TABLE risk_memory (
    scope_id BIGINT NOT NULL,
    key      BIGINT NOT NULL,
    trace    BYTEA  NOT NULL,
    PRIMARY KEY (scope_id, key)
);

CREATE TABLE risk_assessments (
    consignment_id BIGINT           NOT NULL,
    version        BIGINT           NOT NULL,
    score          DOUBLE PRECISION NOT NULL,
    base           DOUBLE PRECISION NOT NULL,
    engine         TEXT             NOT NULL,
    settings       BIGINT           NOT NULL,
    findings       JSONB            NOT NULL,
    assessed_at    TIMESTAMP        NOT NULL,
    PRIMARY KEY (consignment_id, version)
);

-- One row for each consignment, by its newest assessment: what the queue filters and
-- ranks by. feed counts the changes of a scope, so that a reader can follow them.
CREATE TABLE risk_queue (
    consignment_id BIGINT PRIMARY KEY,
    scope_id   BIGINT           NOT NULL,
    version    BIGINT           NOT NULL,
    score      BIGINT           NOT NULL, -- in eighths
    channel    TEXT             NOT NULL,
    random     BOOLEAN          NOT NULL,
    inclusion  DOUBLE PRECISION NOT NULL, -- probability of the random draw
    withdrawn  BOOLEAN          NOT NULL,
    mode       BIGINT           NOT NULL,
    day        BIGINT           NOT NULL, -- of arrival, days since 1970-01-01
    loading    TEXT             NOT NULL,
    unloading  TEXT             NOT NULL,
    consignor  BIGINT           NOT NULL,
    consignee  BIGINT           NOT NULL,
    notify     BIGINT           NOT NULL,
    indicators TEXT             NOT NULL, -- ids, parted by spaces
    feed       BIGINT           NOT NULL
);
CREATE INDEX risk_queue_feed ON risk_queue (scope_id, feed);
CREATE INDEX risk_queue_day ON risk_queue (scope_id, day, score);

CREATE TABLE risk_feeds (
    scope_id BIGINT PRIMARY KEY,
    feed     BIGINT NOT NULL
);

CREATE TABLE risk_views (
    id         BIGINT PRIMARY KEY,
    scope_id   BIGINT    NOT NULL,
    officer_id BIGINT    NOT NULL,
    title      TEXT      NOT NULL,
    query      TEXT      NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (scope_id, officer_id, title)
);
