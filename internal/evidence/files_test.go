package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"testing"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/store"
	"tidewaiter/internal/store/storetest"
)

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

func TestEvidenceComesBackAsItCame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := NewFiles(db)
		ctx := context.Background()
		for _, n := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 17*chunkSize + 5} {
			body := noise(n)
			blob, err := f.Keep(ctx, bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(body)
			if blob.Hash != hex.EncodeToString(sum[:]) || blob.Size != int64(n) {
				t.Errorf("%d bytes: %+v", n, blob)
			}
			if again, err := f.Stat(ctx, blob.Hash); err != nil || again != blob {
				t.Errorf("%d bytes: %+v, %v; want %+v", n, again, err, blob)
			}
			r, err := f.Open(ctx, blob.Hash)
			if err != nil {
				t.Fatal(err)
			}
			back, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(back, body) {
				t.Errorf("%d bytes came back as %d, %v", n, len(back), err)
			}
			r.Close()
			for _, at := range []int{0, 1, chunkSize - 1, chunkSize, chunkSize + 7, n - 1, n} {
				if at < 0 || at > n {
					continue
				}
				for _, length := range []int{0, 1, chunkSize, 2 * chunkSize} {
					got, err := f.Excerpt(ctx, blob.Hash, int64(at), length)
					if err != nil || !bytes.Equal(got, body[at:min(n, at+length)]) {
						t.Errorf("%d bytes, excerpt %d+%d: %d bytes, %v", n, at, length, len(got), err)
					}
				}
			}
			for _, at := range []int64{-1, int64(n) + 1} {
				if _, err := f.Excerpt(ctx, blob.Hash, at, 1); !fault.Is(err, fault.Invalid) {
					t.Errorf("excerpt at %d of %d: %v, want invalid", at, n, err)
				}
			}
		}
		if _, err := f.Stat(ctx, "no such hash"); !fault.Is(err, fault.NotFound) {
			t.Errorf("size of what is not kept: %v", err)
		}
		if _, err := f.Open(ctx, "no such hash"); !fault.Is(err, fault.NotFound) {
			t.Errorf("open what is not kept: %v", err)
		}
	})
}

func TestTooLargeAFileLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := NewFiles(db)
		const most = 20 * chunkSize
		if _, err := f.KeepAtMost(context.Background(), bytes.NewReader(noise(most)), most); err != nil {
			t.Fatalf("the largest file: %v", err)
		}
		_, err := f.KeepAtMost(context.Background(), bytes.NewReader(noise(most+1)), most)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("one byte more: %v, want invalid", err)
		}
		var n int
		if err := db.Read.QueryRow(`SELECT count(*) FROM evidence_chunks`).Scan(&n); err != nil || n != 20 {
			t.Errorf("%d pieces are kept, %v; want the 20 of the first file", n, err)
		}
	})
}

func TestDamagedEvidenceIsNoticed(t *testing.T) {
	db := storetest.Open(t, storetest.DSN(t, store.SQLite))
	f := NewFiles(db)
	blob, err := f.Keep(context.Background(), bytes.NewReader(noise(1000)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Write.Exec(`UPDATE evidence_chunks SET data = x'00010203'`); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Excerpt(context.Background(), blob.Hash, 0, 10); err == nil {
		t.Error("damaged evidence was read")
	}
}
