package risk

// Key names one thing that the unit remembers: the hash of a kind and a normalised
// text, such as a consignee's name or a container number. It is stable between
// processes and versions; as a database integer take int64(key).
type Key uint64

// kind says what a Key names, and by that which parts of a Trace are kept.
type kind byte

// Kinds of things remembered. Their numbers are part of every stored key: never
// renumber, only add.
const (
	kindScope        kind = iota + 1 // the whole traffic
	kindDocument                     // a transport document
	kindConsignee                    // by name
	kindConsignor                    // by name
	kindPair                         // consignor and consignee
	kindTrade                        // consignor, consignee and goods
	kindAddress                      // a party's address
	kindContact                      // a phone number or e-mail address
	kindContainer                    // an equipment number
	kindSeal                         // a seal number
	kindGoodsOrigin                  // HS heading and origin: unit price, mass per package
	kindGoods                        // HS heading: unit price, mass per package
	kindImporterKind                 // consignee and HS chapter
	kindShipperPort                  // consignor and place of loading
	kindGoodsPort                    // HS chapter and place of loading
	kindLane                         // places of loading and unloading: days on the way
	kindCarrier                      // carrier
	kindSealShape                    // carrier and the shape of its seal numbers
	kindNumberShape                  // carrier and the shape of its document numbers
	kindShip                         // IMO number or other identity of the means of transport
	kindImport                       // consignee and HS heading
	kindWay                          // places of loading, transit and unloading together
)

// keep says how much a kind's Trace keeps.
type keep struct {
	refs  int  // last references kept
	link  bool // ties consignments of one manifest together: see Memory.Preview
	byWho bool // one reference per party instead of one per document
}

// One reference more is kept than indicators read: an own one is left out.
var keeps = [...]keep{
	kindConsignee:   {refs: 7},
	kindConsignor:   {refs: 7},
	kindTrade:       {refs: 9, link: true},
	kindImport:      {refs: 9, link: true},
	kindAddress:     {refs: 5, link: true, byWho: true},
	kindContact:     {refs: 5, link: true, byWho: true},
	kindContainer:   {refs: 4, link: true},
	kindSeal:        {refs: 3, link: true},
	kindShip:        {refs: 3, byWho: true},
	kindNumberShape: {},
}

func keepOf(k kind) keep {
	if int(k) < len(keeps) {
		return keeps[k]
	}
	return keep{}
}

// makeKey combines a kind with hashes of normalised parts, in order.
func makeKey(k kind, parts ...uint64) Key {
	h := step(fnvOffset, byte(k))
	for _, p := range parts {
		h = finish(h ^ p)
	}
	return Key(finish(h))
}

// textHash hashes a code: letters in capitals and digits count, all else is left out.
func textHash(s string) uint64 {
	h, n := uint64(fnvOffset), 0
	for i := 0; i < len(s) && i < maxText; i++ {
		b := lower(s[i])
		if b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b >= 0x80 {
			h = step(h, b)
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return finish(h)
}

// shapeHash hashes the shape of a number: its leading letters as they are (a prefix
// names a series), then A for a letter and 9 for a digit.
func shapeHash(s string) uint64 {
	h, n, prefix := uint64(fnvOffset), 0, true
	for i := 0; i < len(s) && i < 64; i++ {
		b := lower(s[i])
		switch {
		case b >= '0' && b <= '9':
			prefix = false
			h = step(h, '9')
		case b >= 'a' && b <= 'z' && prefix && n < 4:
			h = step(h, b)
		case b >= 'a' && b <= 'z':
			h = step(h, 'A')
		default:
			continue
		}
		n++
	}
	if n == 0 {
		return 0
	}
	return finish(h)
}
