package internal_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// inEnglish are rooms whose faults are read at a terminal, or by those who write programs:
// an LRS is talked to by other systems only.
var inEnglish = []string{"internal/bench", "internal/simulate", "internal/learning", "internal/learning/xapi", "internal/learning/cmi5", "internal/learning/learningweb", "internal/web/gallery"}

// saying is the function that every format of a fault ends up in: where its format stands
// among the parameters. Functions that pass a parameter on to it are found.
var saying = map[string]int{module + "internal/fault.Say": 0}

// room is one package of the module, with its types.
type room struct {
	path  string // below the module
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
}

// said is where formats are said: format to the rooms.
type said map[string][]string

// sayings finds the formats in the source, and complains about words that no catalogue
// can know.
func sayings(t *testing.T, rooms []room) said {
	for more := true; more; { // until no further function is found that passes its format on
		more = false
		for _, r := range rooms {
			r.calls(func(fn *ast.FuncDecl, call *ast.CallExpr, format ast.Expr) {
				if at := r.parameter(fn, format); at >= 0 {
					name := r.info.Defs[fn.Name].(*types.Func).FullName()
					_, known := saying[name]
					saying[name], more = at, more || !known
				}
			})
		}
	}
	formats := said{}
	for _, r := range rooms {
		if slices.Contains(inEnglish, r.path) {
			continue
		}
		r.calls(func(fn *ast.FuncDecl, call *ast.CallExpr, format ast.Expr) {
			value := r.info.Types[format].Value
			switch {
			case value != nil:
				english := constant.StringVal(value)
				r.checkWords(t, call, format, english)
				if wordy(english) && !slices.Contains(formats[english], r.path) {
					formats[english] = append(formats[english], r.path)
				}
			case r.parameter(fn, format) < 0:
				t.Errorf("%s: the format of a fault must be a constant, so that it can be translated", r.fset.Position(format.Pos()))
			}
		})
	}
	return formats
}

// calls visits every call of a function in saying, with the function that it stands in.
func (r room) calls(visit func(fn *ast.FuncDecl, call *ast.CallExpr, format ast.Expr)) {
	for _, file := range r.files {
		for _, decl := range file.Decls {
			fn, _ := decl.(*ast.FuncDecl)
			ast.Inspect(decl, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if at, says := saying[r.callee(call)]; says && at < len(call.Args) {
					visit(fn, call, call.Args[at])
				}
				return true
			})
		}
	}
}

// callee returns the full name of the function or method that is called, or "".
func (r room) callee(call *ast.CallExpr) string {
	var name *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = f
	case *ast.SelectorExpr:
		name = f.Sel
	default:
		return ""
	}
	if fn, ok := r.info.Uses[name].(*types.Func); ok {
		return fn.FullName()
	}
	return ""
}

// parameter returns which parameter of fn the expression is, or -1.
func (r room) parameter(fn *ast.FuncDecl, e ast.Expr) int {
	name, ok := ast.Unparen(e).(*ast.Ident)
	if !ok || fn == nil {
		return -1
	}
	params := r.info.Defs[fn.Name].(*types.Func).Signature().Params()
	for i := range params.Len() {
		if params.At(i) == r.info.Uses[name] {
			return i
		}
	}
	return -1
}

// checkWords complains about English that is put into a phrase as a plain string. Pages
// put in what T has said.
func (r room) checkWords(t *testing.T, call *ast.CallExpr, format ast.Expr, english string) {
	wordless := !wordy(english) && !strings.HasSuffix(r.path, "web")
	quoted := strings.Contains(english, "%q")
	for _, arg := range call.Args[slices.Index(call.Args, format)+1:] {
		at := r.info.Types[arg]
		made, _ := ast.Unparen(arg).(*ast.CallExpr)
		switch text, isString := at.Type.Underlying().(*types.Basic); {
		case !isString || text.Info()&types.IsString == 0:
		case made != nil && r.callee(made) == module+"internal/web.T":
		case made != nil && r.callee(made) == "fmt.Sprintf",
			at.Value != nil && strings.Contains(constant.StringVal(at.Value), " "),
			wordless && !quoted:
			t.Errorf("%s: these words cannot be translated: make them by fault.Say", r.fset.Position(arg.Pos()))
		}
	}
}

// loadRooms reads the packages below internal, of which the build cache knows the types of
// what they import.
func loadRooms(t *testing.T) (rooms []room) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-export", "-json=ImportPath,Dir,GoFiles,Export", "./internal/...")
	list.Dir, list.Stderr = "..", os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal("go list: ", err)
	}
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
	}
	exports := map[string]string{}
	var ours []listed
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if strings.HasPrefix(p.ImportPath, module) {
			ours = append(ours, p)
		}
	}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, p := range ours {
		r := room{path: strings.TrimPrefix(p.ImportPath, module), fset: fset, info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}}
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			r.files = append(r.files, file)
		}
		if _, err := (&types.Config{Importer: imports}).Check(p.ImportPath, fset, r.files, r.info); err != nil {
			t.Errorf("%s: %v", p.ImportPath, err)
			continue
		}
		rooms = append(rooms, r)
	}
	return rooms
}
