package play

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/identity"
	"tidewaiter/internal/learning"
	"tidewaiter/internal/learning/cmi5"
	"tidewaiter/internal/learning/pack"
	"tidewaiter/internal/learning/xapi"
	"tidewaiter/internal/store"
)

// Places are where things are on the web, complete and without a slash at the end.
type Places struct {
	Origin   string // of the pages
	Endpoint string // of the record store
	Fetch    string // the token follows behind a slash
	Content  string // the secret and the file's path follow behind slashes
	Return   string // where a unit of cmi5 sends the learner at its end; may be empty
}

// Order says what is to be launched.
type Order struct {
	Package int64
	Unit    int // index
	Mode    cmi5.Mode
	Places  Places

	// Actor is a learner of another system, the JSON of an agent with an account: for
	// programs of those who teach. Nil: the viewer.
	Actor        json.RawMessage
	Registration string // UUID of the actor's; "": the one there is, or a new one

	language string // of the viewer
}

// Launched is a launched unit.
type Launched struct {
	Session      string // UUID
	Registration string // UUID
	URL          string // where the unit is: of cmi5 with all that the launch adds
}

// Launch launches a unit. Sessions of the learner in the package that are still open are
// abandoned.
func (p *Player) Launch(ctx context.Context, o Order) (Launched, error) {
	v, err := identity.May(ctx, identity.Learn)
	if err == nil && o.Actor != nil {
		err = v.May(identity.Teach)
	}
	if err != nil {
		return Launched{}, err
	}
	one, err := p.get(ctx, p.DB.Read, v, o.Package)
	if err != nil {
		return Launched{}, err
	}
	unit, err := one.unit(o.Unit)
	if err != nil {
		return Launched{}, err
	}
	if o.Mode == "" {
		o.Mode = cmi5.Normal
	}
	o.language = v.Officer.Language
	if !slices.Contains([]cmi5.Mode{cmi5.Normal, cmi5.Browse, cmi5.Review}, o.Mode) {
		return Launched{}, fault.New(fault.Invalid, "%.40q is not a launch mode", string(o.Mode)).WithHint("there are Normal, Browse and Review")
	}
	r, err := p.register(ctx, v, one, o)
	if err != nil {
		return Launched{}, err
	}
	if !Offered(&one.Package, r, o.Unit) {
		return Launched{}, fault.New(fault.Conflict, "this unit is not offered yet").WithHint("complete the units before it")
	}
	return p.launch(ctx, one, unit, r, o)
}

// learner returns who is to be registered: home page, account and agent.
func (p *Player) learner(v identity.Viewer, o Order) (home, account string, actor json.RawMessage, officer int64, err error) {
	errActor := fault.New(fault.Invalid, "the actor must be an agent with an account of another system")
	if o.Actor == nil && v.Officer.ID == 0 { // a program learns nothing
		return "", "", nil, 0, errActor
	}
	if o.Actor == nil {
		actor, err = json.Marshal(map[string]any{"objectType": "Agent", "name": v.Officer.Name,
			"account": map[string]any{"homePage": p.Home, "name": v.Officer.Username}})
		return p.Home, v.Officer.Username, actor, v.Officer.ID, err
	}
	agent, err := xapi.ParseAgent(string(o.Actor), xapi.V103)
	if err != nil {
		return "", "", nil, 0, err
	}
	var a struct {
		ObjectType string `json:"objectType"`
		Account    struct {
			HomePage string `json:"homePage"`
			Name     string `json:"name"`
		} `json:"account"`
	}
	if err := json.Unmarshal(o.Actor, &a); err != nil || bytes.Contains(o.Actor, []byte(`\u0000`)) || agent.Identity == "" || a.Account.Name == "" || a.ObjectType == "Group" || a.Account.HomePage == p.Home {
		return "", "", nil, 0, errActor
	}
	return a.Account.HomePage, a.Account.Name, o.Actor, 0, nil
}

// register returns the learner's registration, a new one if there is none, of which units
// without criterion are satisfied at once (9.6.1.1-3).
func (p *Player) register(ctx context.Context, v identity.Viewer, one *Package, o Order) (*Registration, error) {
	home, account, actor, officer, err := p.learner(v, o)
	if err != nil {
		return nil, err
	}
	r := &Registration{
		ID: store.NewID(), Key: xapi.NewUUID().String(), Package: one.ID, Unit: v.Unit.ID, Officer: officer,
		Home: store.Text(home), Account: store.Text(account), Actor: actor, Begun: p.DB.Now(),
	}
	err = p.DB.InTx(ctx, func(tx *sql.Tx) (err error) {
		if err := insertRegistration(ctx, tx, r); err != nil {
			return err
		}
		r, err = p.registration(ctx, tx, `package_id = $1 AND home = $2 AND account = $3`, one.ID, r.Home, r.Account)
		return err
	})
	if err != nil {
		return nil, err
	}
	if o.Registration != "" && o.Registration != r.Key {
		return nil, fault.New(fault.NotFound, "the learner has no registration %.40q in this package", o.Registration)
	}
	if one.Standard == pack.CMI5 {
		err = p.settle(ctx, one, r.ID, xapi.NewUUID().String())
	}
	return r, err
}

// launch opens a session of a unit.
func (p *Player) launch(ctx context.Context, one *Package, unit pack.Unit, r *Registration, o Order) (Launched, error) {
	if err := p.abandonOpen(ctx, r.ID); err != nil {
		return Launched{}, err
	}
	now, key := p.DB.Now(), xapi.NewUUID().String()
	content, fetch := secret(), secret()
	s := &Session{
		ID: store.NewID(), Key: key, Registration: r.ID, Unit: o.Unit, Launched: now, Expires: now.Add(sessionFor), Last: now,
		Seconds: r.of(o.Unit).Seconds, Origin: o.Places.Origin, Heard: cmi5.Heard{}, contentHash: hashOf(content), fetchHash: hashOf(fetch),
		Launch: cmi5.Launch{
			Actor: r.Actor, Registration: r.Key, Session: key, Activity: p.activity(one.ID, o.Unit), Publisher: unit.ID, Mode: o.Mode,
			MoveOn: unit.MoveOn, Mastery: unit.MasteryScore, Parameters: unit.Parameters, Entitlement: unit.Entitlement,
			ReturnURL: o.Places.Return, URL: unit.Href,
		},
	}
	if !unit.Foreign {
		s.Launch.URL = o.Places.Content + "/" + content + "/" + withParameters(one.Standard, unit)
	}
	err := p.DB.InTx(ctx, func(tx *sql.Tx) error {
		if err := insertSession(ctx, tx, s); err != nil {
			return err
		}
		return p.Audit.Record(ctx, tx, identity.Entry{Act: "package.launched", ObjectKind: "package", ObjectID: strconv.FormatInt(one.ID, 10),
			Detail: map[string]any{"unit": unit.Title.In("en")}})
	})
	if err != nil {
		return Launched{}, err
	}
	out := Launched{Session: key, Registration: r.Key, URL: s.Launch.URL}
	if one.Standard != pack.CMI5 {
		return out, nil
	}
	if err := p.announceLaunch(ctx, s, o.language); err != nil {
		return Launched{}, err
	}
	out.URL, err = s.Launch.Address(o.Places.Endpoint, o.Places.Fetch+"/"+fetch)
	return out, err
}

// activity is the id that the program gives a unit (8.1.5.0-3, 8.1.5.0-4).
func (p *Player) activity(id int64, unit int) string {
	return fmt.Sprintf("%s/packages/%d/units/%d", p.Home, id, unit+1)
}

// withParameters joins the parameters of an item of SCORM to the address of its resource
// (SCORM 1.2 CAM 2.3.5.1; 2004 CAM 3.4.1.4.1).
func withParameters(standard pack.Standard, u pack.Unit) string {
	if standard == pack.CMI5 || u.Parameters == "" {
		return u.Href
	}
	at, err := url.Parse(u.Href)
	if err != nil {
		return u.Href
	}
	params := u.Parameters
	for len(params) > 0 && (params[0] == '?' || params[0] == '&') {
		params = params[1:]
	}
	if len(params) > 0 && params[0] == '#' {
		if at.Fragment == "" {
			at.Fragment = params[1:]
		}
		return at.String()
	}
	if at.RawQuery != "" {
		params = at.RawQuery + "&" + params
	}
	at.RawQuery = params
	return at.String()
}

// announceLaunch writes what a unit of cmi5 finds in the record store: launch data (§10),
// preferences (§11), and that it was launched (§9.3.1).
func (p *Player) announceLaunch(ctx context.Context, s *Session, language string) error {
	agent, err := xapi.ParseAgent(string(s.Launch.Actor), xapi.V103)
	if err != nil {
		return err
	}
	data, err := s.Launch.Data()
	if err != nil {
		return err
	}
	state := learning.Place{Owner: learning.Owner{Activity: s.Launch.Activity, Agent: agent}, Registration: s.Launch.Registration, Name: cmi5.LaunchData}
	if err := p.Records.PutDocument(ctx, recorder, state, learning.Document{ContentType: "application/json", Body: data}, learning.Condition{}); err != nil {
		return err
	}
	if err := p.prefer(ctx, agent, language); err != nil {
		return err
	}
	said, err := s.Launch.SayLaunched(derived(s.Key, "launched"), s.Launched)
	if err != nil {
		return err
	}
	return p.say(ctx, said)
}

// prefer writes the learner's preferences, unless there are some.
func (p *Player) prefer(ctx context.Context, agent xapi.Agent, language string) error {
	body, err := preferences(language)
	if err != nil {
		return err
	}
	place := learning.Place{Owner: learning.Owner{Agent: agent}, Name: cmi5.Preferences}
	err = p.Records.PutDocument(ctx, recorder, place, learning.Document{ContentType: "application/json", Body: body}, learning.Condition{None: []string{"*"}})
	if errors.Is(err, learning.ErrPrecondition) {
		return nil
	}
	return err
}

// derived makes the id of a statement from what it is about, so that it is kept once.
func derived(parts ...string) (id xapi.UUID) {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	copy(id[:], h.Sum(nil))
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // version 8 (RFC 9562 §5.8)
	return id
}
