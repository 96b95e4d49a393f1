package badge

import (
	"math/big"
	"strings"
)

// letters58 are the digits of base58btc (draft-msporny-base58 §2), which did:key writes.
const letters58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

var fiftyEight = big.NewInt(58)

func base58(raw []byte) string {
	n, digit := new(big.Int).SetBytes(raw), new(big.Int)
	var out []byte
	for n.Sign() > 0 {
		n.DivMod(n, fiftyEight, digit)
		out = append(out, letters58[digit.Int64()])
	}
	for i := 0; i < len(raw) && raw[i] == 0; i++ {
		out = append(out, letters58[0])
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return string(out)
}

func unbase58(text string) ([]byte, bool) {
	n := new(big.Int)
	for _, r := range text {
		at := strings.IndexRune(letters58, r)
		if at < 0 {
			return nil, false
		}
		n.Add(n.Mul(n, fiftyEight), big.NewInt(int64(at)))
	}
	zeros := len(text) - len(strings.TrimLeft(text, letters58[:1]))
	return append(make([]byte, zeros), n.Bytes()...), true
}
