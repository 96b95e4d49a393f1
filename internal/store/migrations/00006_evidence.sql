-- +goose Up
CREATE INDEX intake_evidence_blob ON intake_evidence (blob_id);
