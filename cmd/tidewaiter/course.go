package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/BurntSushi/toml"

	"tidewaiter/internal/fault"
	"tidewaiter/internal/learning/content"
	"tidewaiter/internal/learning/course"
)

// courseCommand is for those who write courses.
type courseCommand struct {
	List      courseList      `cmd:"" help:"List the courses that come with the program."`
	Check     courseCheck     `cmd:"" help:"Check course folders, and tell everything that is wrong with them."`
	Export    courseExport    `cmd:"" help:"Write a course as a cmi5 package, for another learning management system."`
	Questions courseQuestions `cmd:"" help:"Read a bank of questions in GIFT or QTI 3, and print it as questions.toml."`
}

type courseList struct{}

// Run lists the courses.
func (courseList) Run() error {
	all, err := content.Courses()
	for _, c := range all {
		fmt.Printf("%s\t%s\t%d lessons\t%d questions\t%s\n", c.ID, c.Version, len(c.Lessons), len(c.Questions), c.Title.In("en"))
	}
	return err
}

type courseCheck struct {
	Folders []string `arg:"" type:"existingdir" help:"Folders that hold a course.toml each."`
}

// Run checks the folders.
func (c *courseCheck) Run() error {
	var wrong error
	for _, folder := range c.Folders {
		one, err := course.Read(os.DirFS(folder), filepath.Base(folder))
		var flaws course.Flaws
		if errors.As(err, &flaws) {
			fmt.Println(flaws)
		}
		if err == nil {
			fmt.Printf("%s: %d lessons, %d questions, in order\n", one.ID, len(one.Lessons), len(one.Questions))
		}
		wrong = errors.Join(wrong, err)
	}
	if wrong != nil {
		return fault.Wrap(fault.Invalid, wrong, "some of the courses are not in order")
	}
	return nil
}

type courseQuestions struct {
	File string `arg:"" type:"existingfile" help:"File of the question bank."`
	From string `enum:"gift,qti" required:"" help:"Its format: gift or qti (QTI 3)."`
	Lang string `enum:"en,ru,ky" default:"en" help:"Language of its texts."`
}

// Run prints the questions; what is not taken over is told on standard error.
func (c *courseQuestions) Run() error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	read := course.ReadGIFT
	if c.From == "qti" {
		read = course.ReadQTI
	}
	got, err := read(f, c.Lang)
	if err != nil {
		return err
	}
	for _, l := range got.Left {
		fmt.Fprintf(os.Stderr, "%s:%d: left: %s: %s\n", c.File, l.Line, l.Why, l.What)
	}
	return toml.NewEncoder(os.Stdout).Encode(map[string]any{"question": got.Questions})
}

type courseExport struct {
	Course string `arg:"" help:"Id of a course that comes with the program, or a folder."`
	Out    string `required:"" type:"path" help:"File to write."`
	Lang   string `enum:"en,ru,ky" default:"en" help:"Language of the package."`
}

// Run writes the package.
func (c *courseExport) Run() error {
	one, err := c.find()
	if err != nil {
		return err
	}
	f, err := os.Create(c.Out)
	if err != nil {
		return err
	}
	return errors.Join(one.WriteCmi5(f, c.Lang), f.Close())
}

func (c *courseExport) find() (*course.Course, error) {
	if info, err := os.Stat(c.Course); err == nil && info.IsDir() {
		return course.Read(os.DirFS(c.Course), filepath.Base(c.Course))
	}
	all, err := content.Courses()
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		if one.ID == c.Course {
			return one, nil
		}
	}
	return nil, fault.New(fault.NotFound, "there is no course %q", c.Course).WithHint("tidewaiter course list")
}
