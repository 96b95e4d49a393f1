-- +goose Up
-- Files as they came are kept for everyone, not for the intake alone.
ALTER TABLE intake_evidence RENAME TO evidence_files;
ALTER TABLE intake_chunks RENAME TO evidence_chunks;
DROP INDEX intake_evidence_blob;
CREATE INDEX evidence_files_blob ON evidence_files (blob_id);
