package risk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"tidewaiter/internal/cargo"
	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
)

// proposalBody is a column of risk_proposals.
type proposalBody struct {
	Fit    Fit    `json:"fit"`
	Effect Effect `json:"effect"`
}

func insertProposal(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, p Proposal) error {
	body, err := json.Marshal(proposalBody{p.Fit, p.Effect})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO risk_proposals (id, scope_id, settings, body, officer_id, at, state, reason, decided_by, decided_at, adopted)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, NULL, 0)`, p.ID, int64(scope), p.Settings, string(body), p.Officer, p.At, string(p.State))
	return err
}

// replaceProposals closes those that are open.
func replaceProposals(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID) error {
	_, err := tx.ExecContext(ctx, `UPDATE risk_proposals SET state = $1 WHERE scope_id = $2 AND state = $3`,
		string(ProposalReplaced), int64(scope), string(ProposalOpen))
	return err
}

// decideProposal writes the decision on an open proposal, or returns fault.Conflict when
// somebody has been quicker.
func decideProposal(ctx context.Context, tx *sql.Tx, scope cargo.ScopeID, p Proposal) error {
	done, err := tx.ExecContext(ctx, `UPDATE risk_proposals SET state = $1, reason = $2, decided_by = $3, decided_at = $4, adopted = $5
		WHERE id = $6 AND scope_id = $7 AND state = $8`,
		string(p.State), p.Reason, p.DecidedBy, store.NullTime(p.DecidedAt), p.Adopted, p.ID, int64(scope), string(ProposalOpen))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errDecided()
}

const proposalColumns = `SELECT id, settings, body, officer_id, at, state, reason, decided_by, decided_at, adopted FROM risk_proposals`

func scanProposal(scan func(...any) error) (Proposal, error) {
	var p Proposal
	var raw []byte
	var decided sql.NullTime
	if err := scan(&p.ID, &p.Settings, &raw, &p.Officer, &p.At, &p.State, &p.Reason, &p.DecidedBy, &decided, &p.Adopted); err != nil {
		return p, err
	}
	var body proposalBody
	if err := json.Unmarshal(raw, &body); err != nil {
		return p, fmt.Errorf("proposal %d: %w", p.ID, err)
	}
	p.At = p.At.UTC()
	if decided.Valid {
		p.DecidedAt = decided.Time.UTC()
	}
	p.Fit, p.Effect = body.Fit, body.Effect
	return p, nil
}

func selectProposals(ctx context.Context, q store.Querier, scope cargo.ScopeID, limit int) (out []Proposal, err error) {
	err = store.Select(ctx, q, proposalColumns+` WHERE scope_id = $1 ORDER BY id DESC LIMIT $2`, []any{int64(scope), limit}, func(rows *sql.Rows) error {
		p, err := scanProposal(rows.Scan)
		out = append(out, p)
		return err
	})
	return out, err
}

func selectProposal(ctx context.Context, q store.Querier, scope cargo.ScopeID, id int64) (Proposal, error) {
	p, err := scanProposal(q.QueryRowContext(ctx, proposalColumns+` WHERE id = $1 AND scope_id = $2`, id, int64(scope)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fault.New(fault.NotFound, "there is no proposal %d", id)
	}
	return p, err
}

// selectAdopted returns the versions of settings that were proposals.
func selectAdopted(ctx context.Context, q store.Querier, scope cargo.ScopeID) (map[int]bool, error) {
	out := map[int]bool{}
	err := store.Select(ctx, q, `SELECT adopted FROM risk_proposals WHERE scope_id = $1 AND state = $2`,
		[]any{int64(scope), string(ProposalAdopted)}, func(rows *sql.Rows) error {
			var version int
			err := rows.Scan(&version)
			out[version] = true
			return err
		})
	return out, err
}

// selectWeightsHistory visits base and weights of all versions of a scope's settings,
// the oldest first.
func selectWeightsHistory(ctx context.Context, q store.Querier, scope cargo.ScopeID, visit func(version int, s Settings)) error {
	return store.Select(ctx, q, `SELECT version, body FROM risk_settings WHERE scope_id = $1 ORDER BY version`, []any{int64(scope)}, func(rows *sql.Rows) error {
		var version int
		var raw []byte
		if err := rows.Scan(&version, &raw); err != nil {
			return err
		}
		set, err := readWeights(raw)
		visit(version, set)
		return err
	})
}

// selectRecent visits the consignments that arrived from one day to another and whose
// channel the score decided, the latest day first, at most limit of them.
func selectRecent(ctx context.Context, q store.Querier, scope cargo.ScopeID, from, to, limit int, visit func(id int64, day int)) error {
	return store.Select(ctx, q, `SELECT consignment_id, day FROM risk_queue WHERE scope_id = $1 AND day >= $2 AND day <= $3
		AND NOT withdrawn AND NOT random ORDER BY day DESC, consignment_id LIMIT $4`, []any{int64(scope), from, to, limit}, func(rows *sql.Rows) error {
		var id int64
		var day int
		err := rows.Scan(&id, &day)
		visit(id, day)
		return err
	})
}
