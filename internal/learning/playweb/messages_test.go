package playweb_test

import (
	"os"
	"testing"

	"tidewaiter/internal/web/webtest"
)

func TestMessages(t *testing.T) { webtest.Messages(t, os.DirFS(".")) }
