package course

import (
	"strings"
	"testing"
)

const giftBank = `// a comment
$CATEGORY: seals

::Tug:: Which movement comes last? {
=Twist#well done
~Tug
~View
#### In the order of the four steps.
}

A container weighs 2\:200 kg. {T}

[html]<p>Which are <b>high security</b>?</p> {~%50%bolt ~%50%cable \= 5 mm ~%-100%tape}

Owner code of MSC: {=MSCU =MEDU}

Match. {=bolt -> H =cable -> H or I =tape -> I}

How many kN? {#10:0.5}

Between? {#1..3}

Seals are {=checked ~ignored} at the gate.

Write an essay. {}

Only text
`

func TestReadGIFT(t *testing.T) {
	got, err := ReadGIFT(strings.NewReader(giftBank), "en")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Questions) != 8 || len(got.Left) != 2 || got.Left[0].Line != 25 {
		t.Fatalf("%d questions, left %+v", len(got.Questions), got.Left)
	}
	q := got.Questions
	if q[0].ID != "tug" || q[0].Kind != Single || !q[0].Choices[0].Right || q[0].Choices[0].EN != "Twist" || q[0].Why["en"] != "In the order of the four steps." {
		t.Errorf("first: %+v", q[0])
	}
	if q[1].Text["en"] != "A container weighs 2:200 kg." || !q[1].Choices[0].Right {
		t.Errorf("true or false: %+v", q[1])
	}
	if q[2].Kind != Multiple || q[2].Text["en"] != "Which are high security ?" || q[2].Choices[1].EN != "cable = 5 mm" || q[2].Choices[2].Right {
		t.Errorf("multiple: %+v", q[2])
	}
	if q[3].Kind != Short || len(q[3].Accept) != 2 {
		t.Errorf("short: %+v", q[3])
	}
	if q[4].Kind != Matching || q[4].Pairs[1].Right["en"] != "H or I" {
		t.Errorf("matching: %+v", q[4])
	}
	if q[5].Answer != 10 || q[5].Tolerance != 0.5 || q[6].Answer != 2 || q[6].Tolerance != 1 {
		t.Errorf("numbers: %+v %+v", q[5], q[6])
	}
	if q[7].Text["en"] != "Seals are _____ at the gate." {
		t.Errorf("missing word: %+v", q[7])
	}
}

const qtiItems = `<?xml version="1.0"?>
<items xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0">
<qti-assessment-item identifier="Choice 1" title="choice">
 <qti-response-declaration identifier="R" cardinality="multiple" base-type="identifier"><qti-correct-response><qti-value>A</qti-value><qti-value>C</qti-value></qti-correct-response></qti-response-declaration>
 <qti-item-body><p>Look at the <b>seal</b>.</p><qti-choice-interaction response-identifier="R" max-choices="2"><qti-prompt>Which two?</qti-prompt>
  <qti-simple-choice identifier="A">bolt</qti-simple-choice><qti-simple-choice identifier="B">tape</qti-simple-choice><qti-simple-choice identifier="C">cable</qti-simple-choice></qti-choice-interaction></qti-item-body>
</qti-assessment-item>
<qti-assessment-item identifier="order" title="order">
 <qti-response-declaration identifier="R"><qti-correct-response><qti-value>B</qti-value><qti-value>A</qti-value></qti-correct-response></qti-response-declaration>
 <qti-item-body><qti-order-interaction response-identifier="R"><qti-prompt>Order</qti-prompt><qti-simple-choice identifier="A">tug</qti-simple-choice><qti-simple-choice identifier="B">view</qti-simple-choice></qti-order-interaction></qti-item-body>
</qti-assessment-item>
<qti-assessment-item identifier="match" title="match">
 <qti-response-declaration identifier="R"><qti-correct-response><qti-value>a x</qti-value><qti-value>b y</qti-value></qti-correct-response></qti-response-declaration>
 <qti-item-body><qti-match-interaction response-identifier="R"><qti-prompt>Match</qti-prompt>
  <qti-simple-match-set><qti-simple-associable-choice identifier="a">one</qti-simple-associable-choice><qti-simple-associable-choice identifier="b">two</qti-simple-associable-choice></qti-simple-match-set>
  <qti-simple-match-set><qti-simple-associable-choice identifier="x">1</qti-simple-associable-choice><qti-simple-associable-choice identifier="y">2</qti-simple-associable-choice></qti-simple-match-set></qti-match-interaction></qti-item-body>
</qti-assessment-item>
<qti-assessment-item identifier="spot" title="spot">
 <qti-response-declaration identifier="R"><qti-correct-response><qti-value>B</qti-value></qti-correct-response></qti-response-declaration>
 <qti-item-body><qti-hotspot-interaction response-identifier="R"><qti-prompt>Where?</qti-prompt><img src="images/door.png"/>
  <qti-hotspot-choice identifier="A" shape="rect" coords="0,0,10,20"/><qti-hotspot-choice identifier="B" shape="circle" coords="50,50,5"/></qti-hotspot-interaction></qti-item-body>
</qti-assessment-item>
<qti-assessment-item identifier="essay" title="essay">
 <qti-response-declaration identifier="R"><qti-correct-response><qti-value>B</qti-value></qti-correct-response></qti-response-declaration>
 <qti-item-body><qti-extended-text-interaction/></qti-item-body>
</qti-assessment-item>
</items>`

func TestReadQTI(t *testing.T) {
	got, err := ReadQTI(strings.NewReader(qtiItems), "ru")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Questions) != 4 || len(got.Left) != 1 || got.Left[0].Line != 23 {
		t.Fatalf("%d questions, left %+v", len(got.Questions), got.Left)
	}
	q := got.Questions
	if q[0].ID != "choice-1" || q[0].Kind != Multiple || q[0].Text["ru"] != "Look at the seal. Which two?" || !q[0].Choices[2].Right || q[0].Choices[1].RU != "tape" {
		t.Errorf("choice: %+v", q[0])
	}
	if q[1].Kind != Ordering || q[1].Steps[0]["ru"] != "view" {
		t.Errorf("order: %+v", q[1])
	}
	if q[2].Kind != Matching || q[2].Pairs[1].Left["ru"] != "two" || q[2].Pairs[1].Right["ru"] != "2" {
		t.Errorf("match: %+v", q[2])
	}
	if q[3].Kind != Hotspot || q[3].Picture != "pictures/door.png" || q[3].Spots[1].X != 45 || !q[3].Spots[1].Right || q[3].Spots[0].Height != 20 {
		t.Errorf("hotspot: %+v", q[3])
	}
	for _, bad := range []string{"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "<x>&a;</x>", "<x>", "", strings.Repeat("<a>", 50)} {
		if _, err := ReadQTI(strings.NewReader(bad), "ru"); err == nil {
			t.Errorf("%.20q was read", bad)
		}
	}
}

func FuzzReadGIFT(f *testing.F) {
	f.Add(giftBank)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ReadGIFT(strings.NewReader(text), "en")
		for _, q := range got.Questions {
			if wrong := q.checkKind(); err == nil && len(wrong) > 0 && q.Kind != Single && q.Kind != Multiple {
				t.Errorf("%+v: %v", q, wrong)
			}
			q.Mark(1, Answer{"0"})
		}
	})
}

func FuzzReadQTI(f *testing.F) {
	f.Add(qtiItems)
	f.Fuzz(func(t *testing.T, text string) {
		got, _ := ReadQTI(strings.NewReader(text), "en")
		for _, q := range got.Questions {
			q.Mark(1, Answer{"0"})
		}
	})
}
