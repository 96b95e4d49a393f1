package app

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"tidewaiter/internal/fault"
)

// proxies are the networks of reverse proxies whose word on an address is taken.
type proxies []netip.Prefix

// parseProxies reads networks such as 127.0.0.1/32, or single addresses.
func parseProxies(texts []string) (proxies, error) {
	var out proxies
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			address, wrong := netip.ParseAddr(text)
			if wrong != nil {
				return nil, fault.New(fault.Invalid, "--trusted-proxy %q is no address and no network", text).WithHint("write it as 127.0.0.1 or 10.0.0.0/8")
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		out = append(out, prefix)
	}
	return out, nil
}

func (p proxies) trust(text string) bool {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return false
	}
	for _, prefix := range p {
		if prefix.Contains(address.Unmap()) {
			return true
		}
	}
	return false
}

// address is where a request came from: the connection's address or, when that is a
// trusted proxy's, the last address in X-Forwarded-For that is not one.
func (p proxies) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if !p.trust(host) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		if host = hop; !p.trust(hop) {
			break
		}
	}
	return host
}
