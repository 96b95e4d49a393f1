package edifact

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

const plainBill = "CNI+1+MSCUXP080935'\r\nRFF+BM:MSCUDB592345'\r\nLOC+9+IEDUB:139'\r\nLOC+11+EGEDK:139'\r\n" +
	"NAD+CZ+++NORTHERN DAIRIES LTD+12 MILL ROAD+BAILIEBOROUGH++A82+IE'\r\n" +
	"NAD+CN+++GLACIER ICE CREAM EGYPT+SUMMIT 44, 90 STREET+NEW CAIRO+++EG'\r\nGID+1+560:BG'\r\n" +
	"FTX+AAA+++36 METRIC TONNES SKIMMED MILK POWDER IN BAGS OF 25 KG NET EACH'\r\n" +
	"MEA+AAE+AAW+MTQ:12.500'\r\nMEA+AAE+G+KGM:14182.000'\r\nSGP+FCIU5956299+560'\r\n"

func BenchmarkTokenize(b *testing.B) { benchmark(b, plainBill) }

// BenchmarkTokenizeRelease reads text in which every few bytes are released.
func BenchmarkTokenizeRelease(b *testing.B) {
	benchmark(b, "FTX+AAA+++NO OF BAGS?:1440 ?+ NET?: 36?'000 ??GROSS?: 36?'468 ?+VGM?: 42?'488:O?'NEILL ?+ SONS?'S?:?+'\r\n")
}

func BenchmarkTokenizeCyrillic(b *testing.B) {
	benchmark(b, "NAD+CN+++ОсОО Ала-Тоо Импорт+улица Курманжан Датка 12+Ош+++KG'\r\n")
}

func benchmark(b *testing.B, unit string) {
	data := []byte("UNB+UNOY:3+A+B+200101:0000+1'UNH+1+CUSCAR:D:95B:UN'" + strings.Repeat(unit, 4<<20/len(unit)))
	src := bytes.NewReader(data)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		src.Reset(data)
		r := NewReader(src)
		for {
			if _, err := r.Next(); err != nil {
				if !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
				break
			}
		}
	}
}
