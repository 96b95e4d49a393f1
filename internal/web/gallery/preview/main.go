// Command preview serves the gallery alone: go run ./internal/web/gallery/preview
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	"tidewaiter/internal/web"
	"tidewaiter/internal/web/gallery"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8099", "address to listen at")
	flag.Parse()
	site := web.NewSite(web.Options{})
	gallery.Mount(site)
	server := &http.Server{Addr: *address, Handler: site.Handler(), ReadHeaderTimeout: 5 * time.Second}
	fmt.Println("http://" + *address + "/_gallery")
	if err := server.ListenAndServe(); err != nil {
		fmt.Fprintln(os.Stderr, "preview:", err)
		os.Exit(1)
	}
}
