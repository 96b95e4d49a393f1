package e2e_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A program sends a file by its token: it is received, read and ranked; the same file
// again changes nothing; without a token, or with a revoked one, nobody gets in.
func TestSendByToken(t *testing.T) {
	base, dsn := startDemo(t, 100)
	out, err := withDatabase(exec.Command(program, "token", "add", "A carrier"), dsn).CombinedOutput()
	if err != nil {
		t.Fatalf("token add: %v\n%s", err, out)
	}
	secret := regexp.MustCompile(`twk_\w+`).FindString(string(out))
	send := func(token string) (int, map[string]any) {
		body, err := os.Open(filepath.Join("testdata", "own_CUSCAR_D95B.edi"))
		if err != nil {
			t.Fatal(err)
		}
		defer body.Close()
		request, err := http.NewRequest("POST", base+"/api/v1/imports?name=own.edi&sender=ACA", body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/octet-stream")
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		return call(t, request)
	}
	if status, _ := send(""); status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", status)
	}
	if status, _ := send(secret + "x"); status != http.StatusUnauthorized {
		t.Errorf("with a wrong token: %d", status)
	}
	status, im := send(secret)
	if status != http.StatusAccepted {
		t.Fatalf("got %d, %v", status, im)
	}
	for range 100 {
		request, _ := http.NewRequest("GET", base+"/api/v1/imports/"+im["id"].(string), nil)
		request.Header.Set("Authorization", "Bearer "+secret)
		if _, im = call(t, request); im["state"] == "done" {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if im["state"] != "done" || im["new"] != 1.0 {
		t.Errorf("got %v", im)
	}
	if _, again := send(secret); again["known"] != true {
		t.Errorf("the same file again: %v", again)
	}
	if out, err := withDatabase(exec.Command(program, "token", "revoke", "A carrier"), dsn).CombinedOutput(); err != nil {
		t.Fatalf("token revoke: %v\n%s", err, out)
	}
	if status, _ := send(secret); status != http.StatusUnauthorized {
		t.Errorf("with a revoked token: %d", status)
	}
}

func call(t *testing.T, request *http.Request) (int, map[string]any) {
	t.Helper()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil || !strings.Contains(answer.Header.Get("Content-Type"), "json") {
		t.Fatalf("%s answers %d without JSON: %v", request.URL.Path, answer.StatusCode, err)
	}
	return answer.StatusCode, body
}

// A file that is put into a watched folder is taken and moved; none is lost.
func TestWatchedFolder(t *testing.T) {
	dsn, inbox := filepath.Join(t.TempDir(), "t.db"), t.TempDir()
	tidewaiter(t, dsn, "unit", "add", "TEST", "Test unit", "--country", "KG")
	cmd := withDatabase(exec.Command(program, "serve", "--listen", freeAddress(t), "--watch", "TEST="+inbox), dsn)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve did not stop in good order: %v", err)
		}
	}()
	manifest, err := os.ReadFile(filepath.Join("testdata", "own_CUSCAR_D95B.edi"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"good.edi": manifest, "bad.pdf": []byte("%PDF-1.7")} {
		if err := os.WriteFile(filepath.Join(inbox, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"taken/good.edi", "failed/bad.pdf"} {
		found := false
		for range 200 {
			if _, err := os.Stat(filepath.Join(inbox, path)); err == nil {
				found = true
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if !found {
			t.Errorf("%s is not there", path)
		}
	}
}
